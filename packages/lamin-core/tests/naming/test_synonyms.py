"""Synonyms and abbreviations: in their order, each meaning one record, all or nothing (item 20, PP-28)."""

import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import FieldValidationError, LockedRecord, StaleRecord, ValidationError, WrongType


@pytest.fixture
def cell(database):
    return ln.Feature("T cell", int).save()


def stored(feature):
    return ln.Feature.filter(id=feature.id).to_list("synonyms")[0]


def test_20_synonyms_are_added_in_order_and_saved_at_once(database, cell):
    cell.add_synonym("T-cell")
    assert stored(cell) == "T-cell"
    cell.add_synonym(["T lymphocyte", "Tc", "T-cell", "Tc"])
    assert cell.synonyms == stored(cell) == "T-cell|T lymphocyte|Tc"
    cell.add_synonym(pd.Series(["a", None, "b"], dtype="category"))
    assert stored(cell) == "T-cell|T lymphocyte|Tc|a|b"
    assert ln.Feature.standardize(["tc", "T LYMPHOCYTE"]) == ["T cell", "T cell"]


@pytest.mark.parametrize(
    "nothing", ["", None, [], [""], [None, float("nan"), pd.NA], "T cell", ["T cell"], pd.Series([], dtype=str)]
)
def test_20_nothing_is_no_synonym(database, cell, queries, nothing):
    cell.synonyms = None
    with queries.exactly(0):
        cell.add_synonym(nothing)
    assert cell.synonyms is None
    assert stored(cell) is None


def test_20_synonyms_are_removed(database, cell, queries):
    cell.add_synonym(["a", "b", "c"])
    with queries.exactly(0):
        cell.remove_synonym("absent")
        cell.remove_synonym([None, ""])
    cell.remove_synonym(["b", "absent"])
    assert stored(cell) == "a|c"
    cell.remove_synonym(["c", "a"])
    assert cell.synonyms is None
    assert stored(cell) is None


def test_20_a_bar_is_refused(database, cell):
    with pytest.raises(ValidationError, match=r"a synonym cannot have a bar in it.*: 'a\|b'"):
        cell.add_synonym(["fine", "a|b"])
    assert cell.synonyms is None


@pytest.mark.parametrize("wrong", [3, ["a", 3], b"a", {"a": 1}, [{}]], ids=repr)
def test_20_what_is_no_text_is_refused(database, cell, wrong):
    for change in (cell.add_synonym, cell.remove_synonym):
        with pytest.raises(ValueError, match=r"^Feature\.synonyms (holds text|takes a list)"):
            change(wrong)
    assert cell.synonyms is None
    with pytest.raises(WrongType):
        cell.add_synonym(3)


def test_pp28_a_synonym_means_one_record(database, cell):
    cell.add_synonym(["T-cell", "Tc"])
    other = ln.Feature("B cell", int, synonyms="B-cell").save()
    for taken, said in (
        ("T-cell", "'T-cell' is a synonym of 'T cell'"),
        ("T cell", "'T cell' is the name of another Feature"),
        (["new", "Tc", "T cell"], "'Tc' is a synonym of 'T cell', 'T cell' is the name of another Feature"),
    ):
        with pytest.raises(ValidationError, match=said):
            other.add_synonym(taken)
    assert other.synonyms == stored(other) == "B-cell"
    other.add_synonym(["T-cell", "new"], force=True)
    assert stored(other) == "B-cell|T-cell|new"
    other.add_synonym("t-cell")  # letter by letter it is another one
    assert stored(other).endswith("|t-cell")


def test_pp28_checked_by_a_fixed_number_of_statements(database, cell, queries):
    others = [ln.Feature(f"feature {number}", int, synonyms=f"s{number}|x{number}") for number in range(50)]
    ln.save(others)
    with queries.at_most(6):
        cell.add_synonym([f"alias {number}" for number in range(1000)])
    many = [f"s{number}" for number in range(30)]
    with pytest.raises(ValidationError, match="'s9' is a synonym of 'feature 9' and 20 more; to add it anyway"):
        cell.add_synonym(many)


def test_pp28_what_is_in_the_trash_is_in_nobodys_way(database, cell):
    cell.add_synonym("T-cell")
    cell.delete()
    other = ln.Feature("lymphocyte", int).save()
    other.add_synonym(["T-cell", "T cell"])
    assert stored(other) == "T-cell|T cell"


def test_pp28_ipython_is_not_needed_and_nothing_heavy_loaded(database: Database) -> None:
    code = (
        "import sys\n"
        "sys.modules['IPython'] = None\n"
        "import lamindb as ln\n"
        "ln.Feature('a', int).save().add_synonym('b')\n"
        "print(ln.Feature.standardize(['B']), ln.Feature.from_values(['b'])[0].name, ln.Feature.inspect(['b']).synonyms_mapper)\n"
        "assert not {'pandas', 'numpy'} & set(sys.modules), 'loaded'\n"
    )
    folder = Path(database.instance.folder or ".")
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "['a'] a {'b': 'a'}\n"


def test_20_a_record_that_is_not_saved_keeps_its_synonyms_until_it_is(database, cell):
    cell.add_synonym("T-cell")
    new = ln.Feature("B cell", int)
    new.add_synonym(["B-cell", "b"])
    assert new.database is None
    with pytest.raises(ValidationError, match="'T-cell' is a synonym of 'T cell'"):
        new.add_synonym("T-cell")
    assert stored(new.save()) == "B-cell|b"
    unsaved = ln.Feature("NK cell", int)
    unsaved.add_synonym("NK", save=True)
    assert stored(unsaved) == "NK"
    unsaved.add_synonym("natural killer", save=False)
    assert (unsaved.synonyms, stored(unsaved)) == ("NK|natural killer", "NK")


def test_20_without_a_database_nothing_is_in_the_way(unconnected):
    new = ln.Feature("B cell", int)
    new.add_synonym("B-cell")
    assert new.synonyms == "B-cell"


def test_20_all_or_nothing(database, cell):
    cell.add_synonym("a")
    cell.is_locked = True
    cell.save()
    for change in (lambda: cell.add_synonym("b"), lambda: cell.remove_synonym("a")):
        with pytest.raises(LockedRecord):
            change()
        assert cell.synonyms == stored(cell) == "a"


def test_20_what_someone_else_added_is_not_lost(database, cell):
    again = ln.Feature.get(cell.id)
    again.add_synonym("a")
    with pytest.raises(StaleRecord):
        cell.add_synonym("b")
    assert cell.synonyms is None
    assert stored(cell) == "a"


@pytest.mark.parametrize("odd", ["a\0b", "\ud800"])
def test_20_texts_that_no_database_holds(database, cell, odd):
    with pytest.raises(FieldValidationError, match="synonyms"):
        cell.add_synonym(odd)
    assert cell.synonyms is None
    assert stored(cell) is None


def test_20_huge_and_strange_synonyms(database, cell):
    strange = ["x" * 100_000, "%", "'", '"', "\\", "\n", " ", "β", "a,b", "{}", "NULL"]
    cell.add_synonym(strange)
    assert stored(cell).split("|") == strange
    assert ln.Feature.standardize([*strange, "a"]) == ["T cell"] * len(strange) + ["a"]
    other = ln.Feature("other", int).save()
    for one in strange:
        with pytest.raises(ValidationError, match="is a synonym of 'T cell'"):
            other.add_synonym(one)


def test_20_abbreviations(database):
    project = ln.Project(name="Human Cell Atlas").save()
    project.set_abbr("HCA")
    assert ln.Project.get(abbr="HCA") == project
    new = ln.Project(name="Other")
    new.set_abbr("O")
    assert new.database is None
    assert new.save().abbr == "O"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("x" * 33, "abbr has 33 characters, at most 32 fit"),
        (3, "abbr must be text, not 3"),
        ("", "it is empty"),
        (None, "it is empty"),
    ],
)
def test_20_abbreviations_are_checked_before_anything_changes(database, wrong, said):
    project = ln.Project(name="Human Cell Atlas", abbr="HCA").save()
    with pytest.raises(FieldValidationError, match=f"cannot set the abbreviation of this Project: {said}"):
        project.set_abbr(wrong)
    assert project.abbr == ln.Project.get(project.id).abbr == "HCA"


ADD = """
import lamindb as ln
feature = ln.Feature.get(name="b")
print("ready", flush=True)
try:
    feature.add_synonym("same")
except ln.errors.ValidationError as error:
    print(error)
"""


def test_20_two_processes_give_a_synonym_to_one_record(database: Database) -> None:
    first, other = ln.Feature("a", int).save(), ln.Feature("b", int).save()
    with ln.transaction():
        first.add_synonym("same")
        command = [sys.executable, "-c", ADD]
        writer = subprocess.Popen(command, cwd=database.instance.folder, stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(1)  # long enough to add it, if nothing kept it from that
    assert "'same' is a synonym of 'a'" in writer.communicate(timeout=60)[0]
    assert (stored(first), stored(other)) == ("same", None)
