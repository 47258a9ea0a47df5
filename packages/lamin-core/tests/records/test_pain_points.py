"""The damage that LaminDB's pain points describe does not occur; by their numbers, each on both databases.

Others have files of their own: PP-3 `test_staleness.py`, PP-11 `test_locks.py`, PP-14 `test_type_rules.py`,
PP-26 also `test_small_registries.py`, PP-29 `test_renaming.py`, PP-32 `test_names.py`, PP-33 `test_hinting.py`.
"""

import datetime as dt
from pathlib import Path

import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb import catalog

from .test_races import race

VALUES = {"Feature": {"dtype": "str"}, "Schema": {"itype": "Feature"}}
NAMED = ["ULabel", "Record", "Project", "Reference", "Feature", "Schema"]


def stored(registry: str, **values):
    return getattr(ln, registry)(**{"name": "x", **VALUES.get(registry, {}), **values})


@pytest.fixture
def contribution(database: Database) -> ln.Branch:
    return ln.Branch(name="contribution").save()


# ---- PP-1: making a record again changes nothing that was not passed -----------------------------------------------------


@pytest.mark.parametrize("registry", NAMED)
@pytest.mark.parametrize("together", [False, True])
def test_pp1_branch_space_and_creation_stay(database: Database, contribution: ln.Branch, registry: str, together: bool) -> None:
    first = stored(registry, description="d", space=ln.Space(name="secret").save()).save()
    again = stored(registry, branch=contribution, space="all")
    ln.save([again]) if together else again.save()
    row = getattr(ln, registry).get(first.id)
    assert (row.branch.name, row.created_on.name, row.space.name, row.description) == ("main", "main", "secret", "d")
    assert again == first


def test_pp1_a_type_stays_a_type_and_a_project_active(database: Database) -> None:
    kind = ln.ULabel(name="kind", is_type=True, description="d").save()
    project = ln.Project(name="p", url="https://lamin.ai").save()
    project.status = "active"
    project.save()
    for together in (False, True):
        again = [ln.ULabel(name="kind"), ln.Project(name="p"), ln.Project(name="p", description=None)]
        if together:
            ln.save(again)
        else:
            for one in again:
                one.save()
    assert ln.ULabel.get(kind.id).is_type
    assert ln.ULabel.get(kind.id).description == "d"
    assert (ln.Project.get(project.id).status, ln.Project.get(project.id).url) == ("active", "https://lamin.ai")


# ---- PP-2: no twins --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("registry", NAMED)
def test_pp2_two_unsaved_records_of_one_name_are_one_row(database: Database, registry: str) -> None:
    one, other = stored(registry), stored(registry)
    one.save()
    other.save()
    ln.save([stored(registry), stored(registry)])
    assert one == other
    assert getattr(ln, registry).filter(name="x", branch=None).count() == 1


def test_pp2_processes_make_no_twins_of_any_registry(database: Database, tmp_path: Path) -> None:
    body = """
for i in range(4):
    kind = ln.Record(name=f"kind {i}", is_type=True).save()
    ln.Record(name="member", type=kind).save()
    ln.Feature(f"feature {i}", float).save()
    ln.save([ln.Project(name=f"project {i}"), ln.Reference(name=f"reference {i}")])
"""
    race(database, body, tmp_path)
    assert ln.Record.filter(is_type=True).count() == ln.Record.filter(name="member").count() == ln.Feature.filter().count() == 4
    assert ln.Project.filter().count() == ln.Reference.filter().count() == 4


@pytest.mark.parametrize("way", ["restore", "restore set", "branch", "branch in a list"])
def test_pp2_nothing_comes_back_as_a_twin(database: Database, way: str) -> None:
    first = ln.ULabel(name="x").save()
    first.delete()
    second = ln.ULabel(name="x").save()

    def move(*others: ln.ULabel) -> None:
        first.branch = "main"
        ln.save([first, *others]) if others else first.save()

    other = ln.ULabel(name="other").save()
    other.description = "changed"
    ways = {
        "restore": first.restore,
        "restore set": ln.ULabel.filter(branch_id=-1).restore,
        "branch": move,
        "branch in a list": lambda: move(other),
    }
    with pytest.raises(ln.errors.UniqueViolation, match=rf"another ULabel is called 'x' already \(uid {second.uid}\)"):
        ways[way]()
    assert ln.ULabel.filter(name="x").one() == second


# ---- PP-4: the content of something in the trash ----------------------------------------------------------------------


@pytest.fixture
def build(request: pytest.FixtureRequest, tmp_path: Path):
    def artifact(text: str, key: str = "a.txt"):
        path = tmp_path / "a.txt"
        path.write_text(text)
        return ln.Artifact(path, key=key)

    def collection(text: str):
        return ln.Collection(artifact(text, f"{text}.txt").save(), key="c")

    def transform(text: str):
        return ln.Transform(key="a.py", source_code=text)

    return {"artifact": artifact, "collection": collection, "transform": transform}[request.param]


@pytest.mark.parametrize("build", ["artifact", "collection", "transform"], indirect=True)
@pytest.mark.parametrize("together", [False, True])
def test_pp4_what_was_in_the_trash_is_really_restored(database: Database, build, together: bool) -> None:
    first = build("one").save()
    registry = type(first)
    first.delete()
    assert registry.filter(uid=first.uid).one().branch.name == "trash"
    again = build("one")
    ln.save([again]) if together else again.save()
    assert again == first
    row = registry.filter(key=first.key).one()
    assert (row.branch.name, row.is_latest, row.uid) == ("main", True, first.uid)
    assert again.branch_id == row.branch_id
    assert registry.filter(branch=None).count() == 1


@pytest.mark.parametrize("build", ["artifact", "transform"], indirect=True)
def test_pp4_an_older_version_in_the_trash(database: Database, build) -> None:
    first, second = build("one").save(), build("two").save()
    first.delete()
    again = build("one").save()
    assert again == first
    heads = type(first).filter(key=first.key, is_latest=True).to_list("uid")
    assert len(heads) == 1
    assert type(first).filter(key=first.key).count() == 2
    assert second.uid in type(first).filter(key=first.key).to_list("uid")


# ---- PP-6: versions in a list ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("build", ["artifact", "collection", "transform"], indirect=True)
def test_pp6_versions_in_a_list_are_one_family_with_one_head(database: Database, build) -> None:
    if type(build("zero")) is ln.Artifact:
        pytest.skip("one path holds one content at a time: tests/artifacts/test_bulk.py")
    build("zero").save()
    ln.save([build(text) for text in ("one", "two", "three")])
    rows = type(build("zero")).filter(key=build("zero").key).to_list()
    assert len(rows) == 4
    assert len({row.uid[:-4] for row in rows}) == 1
    assert [row.uid[-4:] for row in rows if row.is_latest] == ["0003"]


# ---- PP-7: what never changes -------------------------------------------------------------------------------------------

MOMENT = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize("registry", [*NAMED, "Transform"])
@pytest.mark.parametrize("together", [False, True])
def test_pp7_identity_and_creation_never_change(database: Database, registry: str, together: bool) -> None:
    other = ln.User(uid="abcdefgh", handle="other").save()
    record = (ln.Transform(key="a.py") if registry == "Transform" else stored(registry)).save()
    before = repr(type(record).get(record.id))
    changes = {"uid": "0" * len(record.uid), "created_on_id": 0, "created_by_id": other.id, "created_at": MOMENT, "id": 99}
    for name, value in changes.items():
        copy = type(record).get(record.id)
        setattr(copy, name, value)
        with pytest.raises(ln.errors.FieldValidationError, match=rf"{name} (never changes|is given by the database)"):
            ln.save([copy]) if together else copy.save()
    assert repr(type(record).get(record.id)) == before


# ---- PP-8: the same uid ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("together", [False, True])
def test_pp8_a_given_uid_means_its_row(database: Database, together: bool, caplog: pytest.LogCaptureFixture) -> None:
    first = ln.Record(name="a", description="d").save()
    again = ln.Record(name="a", description="e")
    again.uid = first.uid
    first.delete()
    ln.save([again, again]) if together else again.save()
    row = ln.Record.filter(branch=None).one()
    assert again == row
    assert (row.branch.name, row.description, row.uid) == ("main", "e", first.uid)
    assert "was in the trash; it is restored" in caplog.text


@pytest.mark.parametrize("together", [False, True])
def test_pp8_a_uid_of_something_else_names_the_row_in_the_way(database: Database, together: bool) -> None:
    first, other = ln.ULabel(name="a").save(), ln.ULabel(name="b").save()
    taken, contradicting, short = ln.ULabel(name="c"), ln.ULabel(name="b"), ln.ULabel(name="d")
    taken.uid, contradicting.uid, short.uid = first.uid, "abcdefgh", "abc"
    for record, message in (
        (taken, rf"the uid '{first.uid}' belongs to another ULabel already, with the name 'a'"),
        (contradicting, rf"another ULabel is called 'b' already, and its uid is '{other.uid}', not 'abcdefgh'"),
        (short, "uid is 8 letters and digits, not 'abc'"),
    ):
        with pytest.raises(ln.errors.LaminError, match=message):
            ln.save([record]) if together else record.save()
        assert record.database is None
    assert ln.ULabel.filter(branch=None).count() == 2


def test_pp8_one_uid_twice_in_a_list(database: Database) -> None:
    one, same, other = ln.ULabel(name="a"), ln.ULabel(name="a", description="d"), ln.ULabel(name="b")
    one.uid = same.uid = other.uid = "abcdefgh"
    with pytest.raises(
        ln.errors.UniqueViolation, match="the uid 'abcdefgh' belongs to another ULabel already, with the name 'a'"
    ):
        ln.save([one, same, other])
    assert ln.ULabel.filter().count() == 0
    ln.save([one, same])
    assert one == same
    assert ln.ULabel.get(uid="abcdefgh").description == "d"


# ---- PP-9: all or nothing, in the order of references -------------------------------------------------------------------


def test_pp9_a_list_is_written_as_a_whole_or_not_at_all(database: Database, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt")
    feature, label = ln.Feature("f", float), ln.ULabel(name="l")
    label.reference_type = "x" * 26
    with pytest.raises(ln.errors.FieldValidationError, match="reference_type has 26 characters, at most 25 fit"):
        ln.save([feature, artifact, ln.Transform(key="t.py"), label])
    assert [each.filter(branch=None).count() for each in (ln.Feature, ln.Artifact, ln.Transform, ln.ULabel)] == [0, 0, 0, 0]
    label.reference_type = None
    ln.save([feature, artifact, label])
    assert ln.Artifact.get(key="a.txt").path.read_text() == "a"


def test_pp9_many_batches_are_one_transaction(database: Database) -> None:
    labels = [ln.ULabel(name=f"{number}") for number in range(50)]
    labels[-1].description = "bad \0"
    with pytest.raises(ln.errors.FieldValidationError, match="description contains a NUL character"):
        ln.save(labels, batch_size=10)
    assert ln.ULabel.filter().count() == 0
    labels[-1].description = None
    ln.save(labels, batch_size=10)
    assert ln.ULabel.filter().count() == 50


def test_pp9_members_may_come_before_their_types(database: Database) -> None:
    top = ln.Record(name="top", is_type=True)
    middle = ln.Record(name="middle", is_type=True, type=top)
    leaves = [ln.Record(name=f"{number}", type=middle) for number in range(3)]
    ln.save([*leaves, middle, top])
    assert {leaf.type for leaf in ln.Record.filter(type=middle)} == {middle}
    assert ln.Record.get(name="middle").type == top


# ---- PP-26: no surprising cascades ------------------------------------------------------------------------------------------


def test_pp26_only_what_belongs_to_a_record_goes_with_it() -> None:
    """Links, blocks, values of features and the runs of a transform; whatever stands for itself protects."""
    surprising = [
        (holder, column)
        for target in catalog.entries()
        for holder, column, on_delete in catalog.references_to(target)
        if on_delete == "cascade"
        and not (catalog.entry(holder)["link"] or holder.endswith("Block") or holder in ("lamindb.JsonValue", "lamindb.Run"))
    ]
    assert surprising == []
    assert ("lamindb.Run", "transform_id", "cascade") in catalog.references_to("lamindb.Transform")


# ---- PP-30: nothing is shown that is not known yet -----------------------------------------------------------------------


@pytest.mark.parametrize("registry", [*NAMED, "Transform", "Branch", "Space", "Run"])
def test_pp30_times_are_none_until_saved(database: Database, registry: str) -> None:
    transform = ln.Transform(key="a.py").save()
    made = {"Transform": lambda: ln.Transform(key="b.py"), "Run": lambda: ln.Run(transform)}
    simple = {"Branch", "Space"}
    record = made[registry]() if registry in made else getattr(ln, registry)(name="x") if registry in simple else stored(registry)
    times = [name for name in ("created_at", "updated_at", "started_at") if name in type(record).__table__.c]
    assert [getattr(record, name) for name in times] == [None] * len(times)
    assert "_at" not in repr(record)
    record.save()
    assert all(getattr(record, name).tzinfo is not None for name in times if name != "started_at")


# ---- PP-31: errors ------------------------------------------------------------------------------------------------------------


def test_pp31_single_rows_are_asked_for_in_words(database: Database) -> None:
    ln.save([ln.ULabel(name=f"{number}") for number in range(30)])
    with pytest.raises(ln.ULabel.DoesNotExist, match=r"\w+"):
        ln.ULabel.filter(name="absent").one()
    with pytest.raises(ln.errors.MultipleObjectsReturned) as caught:
        ln.ULabel.filter().one()
    assert len(str(caught.value)) < 400


def test_pp31_a_long_name_is_refused_alike(database: Database) -> None:
    with pytest.raises(ln.errors.FieldValidationError, match="name has 500 characters, at most 150 fit"):
        ln.ULabel(name="x" * 500)


# ---- PP-34: typos --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("registry", [name for name in ln.REGISTRIES if name not in ("Storage",)])
def test_pp34_unknown_attributes_are_refused(database: Database, registry: str) -> None:
    for record in (
        getattr(ln, registry).__new__(getattr(ln, registry)),
        getattr(ln, registry)._load_rows(database, [{"id": 1}])[0],
    ):
        with pytest.raises(AttributeError, match=r"has no field 'desciption'"):
            record.desciption = "lost"


# ---- PP-43: nothing goes around the constructor -------------------------------------------------------------------------------


def test_pp43_restoring_does_not_insert(database: Database) -> None:
    with pytest.raises(ln.errors.InvalidArgument, match="this ULabel was never saved, so there is nothing to restore"):
        ln.ULabel(name="a").restore()
    assert ln.ULabel.filter(branch=None).count() == 0


@pytest.mark.parametrize("name", ["create", "get_or_create", "bulk_create", "update_or_create"])
def test_pp43_no_other_way_in(database: Database, name: str) -> None:
    label = ln.ULabel(name="a").save()
    sources = [ln.ULabel, ln.ULabel.filter(), *([] if name == "create" else [label.parents])]
    for source in sources:
        with pytest.raises(AttributeError):
            getattr(source, name)
    assert not hasattr(ln.ULabel, "objects")


def test_pp43_managers_create_by_the_constructor(database: Database) -> None:
    label = ln.ULabel(name="a").save()
    with pytest.raises(ln.errors.FieldValidationError, match="cannot make a ULabel: name is required"):
        label.parents.create(description="b")
    assert label.parents.create(name="b") == ln.ULabel.get(name="b") == label.parents.one()


def test_pp43_positions_do_not_reach_saving(database: Database, queries: QueryLog) -> None:
    with pytest.raises(TypeError), queries.exactly(0):
        ln.ULabel(name="a").save(True)
