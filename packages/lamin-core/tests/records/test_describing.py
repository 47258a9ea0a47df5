"""`describe()` of every registry, by the numbers of the acceptance list and of LaminDB's pain points."""

import datetime as dt
from typing import Any
from xml.etree import ElementTree

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb import catalog
from lamindb.errors import InvalidArgument
from lamindb.records.facts import human_size


def lines(record: Any, **options: Any) -> list[str]:
    text = record.describe(return_str=True, **options)
    assert text is not None
    return text.splitlines()


def fact(record: Any, name: str) -> str:
    (found,) = [line.split(maxsplit=1)[1] for line in lines(record) if line.split()[0] == name]
    return found


def one_of_each() -> list[Any]:
    """A record of each registry that people make records of."""
    transform = ln.Transform(key="clean.py").save()
    run = ln.Run(transform).save()
    kind = ln.ULabel(name="Tissue", is_type=True).save()
    return [
        transform,
        run,
        ln.ULabel(name="blood", type=kind, run=run).save(),
        ln.Feature(name="tissue", dtype="str", run=run).save(),
        ln.Schema(name="all", otype="DataFrame", run=run).save(),
        ln.Project(name="atlas", run=run).save(),
        ln.Reference(name="A paper", run=run).save(),
        ln.Record(name="sample", run=run).save(),
        ln.Branch(name="mine").save(),
        ln.Space(name="lab").save(),
        ln.Storage.get(1),
        ln.User.get(1),
    ]


def test_pp36_every_registry_tells_its_facts(database: Database, queries: Any) -> None:
    for record in one_of_each():
        registry = type(record).__name__
        with queries.at_most(4):
            text = lines(record)
        assert text[0].startswith(f"{registry}: ")
        told = {line.split()[0] for line in text[1:]}
        assert "uid" in told, registry
        assert {"created_at"} <= told, registry
        for name in ("created_by", "branch", "created_on", "space"):
            if f"{name}_id" in catalog.entry(f"lamindb.{registry}")["columns"]:
                assert name in told, (registry, name)
        if getattr(record, "run_id", None):
            assert fact(record, "run").startswith("clean.py ("), registry


def test_pp36_what_is_pointed_to_is_called_by_name(database: Database) -> None:
    made = {type(record).__name__: record for record in one_of_each()}
    label = made["ULabel"]
    assert fact(label, "type") == "Tissue"
    assert fact(label, "created_by") == "testuser"
    assert (fact(label, "branch"), fact(label, "created_on"), fact(label, "space")) == ("main", "main", "all")
    started = made["Run"].started_at
    assert fact(label, "run") == f"clean.py ({started:%Y-%m-%d %H:%M} UTC)"
    assert fact(made["Run"], "transform") == "clean.py"
    assert lines(made["Run"])[0].startswith("Run: clean.py (")
    assert fact(made["Run"], "status") == "scheduled"
    assert fact(made["Project"], "status") == "planned"


def test_pp36_a_run_is_told_by_code_name_and_time(database: Database) -> None:
    run = ln.Run(ln.Transform(key="nightly/clean.py").save(), name="first try").save()
    label = ln.ULabel(name="a", run=run).save()
    when = run.started_at.astimezone(dt.UTC)
    assert fact(label, "run") == f"nightly/clean.py (first try, {when:%Y-%m-%d %H:%M} UTC)"
    child = ln.Run(run.transform, initiated_by_run=run).save()
    assert fact(child, "initiated_by_run") == f"nightly/clean.py (first try, {when:%Y-%m-%d %H:%M} UTC)"


@pytest.mark.parametrize("registry", ["ULabel", "Feature", "Project", "Reference", "Record"])
def test_pp36_the_trash_and_the_archive_are_told_with_the_registrys_own_name(database: Database, registry: str) -> None:
    values = {"dtype": "int"} if registry == "Feature" else {}
    record = getattr(ln, registry)(name="a", **values).save()
    record.delete()
    assert lines(record)[1] == f"! this {registry} is in the trash"
    record.restore()
    record.branch_id = 0
    record.save()
    assert lines(record)[1] == f"! this {registry} is archived"


def test_pp36_relations_are_counted_and_the_first_are_named(database: Database, queries: Any) -> None:
    above, label = ln.ULabel(name="above").save(), ln.ULabel(name="label").save()
    label.parents.add(above)
    below = [ln.ULabel(name=f"child {number}") for number in range(7)]
    ln.save(below)
    label.children.add(*below)
    project = ln.Project(name="atlas").save()
    project.ulabels.add(label)
    with queries.exactly(3):
        text = lines(label)
    assert text[-3:] == [
        "  children: 7 (child 0, child 1, child 2, child 3, child 4, …)",
        "  parents: 1 (above)",
        "  projects: 1 (atlas)",
    ]
    for each in below:
        each.delete()
    assert "  children: 7 (child 0, child 1, child 2, child 3, child 4, …)" in lines(label)


def test_pp36_what_two_features_link_counts_once(database: Database, tmp_path: Any) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a")
    artifact = ln.Artifact(path, key="a.csv").save()
    label = ln.ULabel(name="blood").save()
    features = [ln.Feature(name=name, dtype="str").save() for name in ("one", "two")]
    link = ln.models.ArtifactULabel.__table__
    rows = [{"artifact_id": artifact.id, "ulabel_id": label.id, "feature_id": each.id, "created_by_id": 1} for each in features]
    with database.writing() as transaction:
        transaction.connection.execute(link.insert(), rows)
    assert "  ulabels: 1 (blood)" in lines(artifact)


def test_pp36_versions_are_counted(database: Database) -> None:
    first = ln.Transform(key="a.py", source_code="1").save()
    assert not any(line.startswith("  versions") for line in lines(first))
    ln.Transform(key="a.py", source_code="2").save()
    assert "  versions: 2" in lines(ln.Transform.get(first.id))


def test_pp40_statements_do_not_grow_with_what_a_record_holds(database: Database, queries: Any, tmp_path: Any) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a")
    run = ln.Run(ln.Transform(key="a.py").save()).save()
    artifact = ln.Artifact(path, key="a.csv", run=run).save()
    for count in (1, 40):
        labels = [ln.ULabel(name=f"{count} {number}") for number in range(count)]
        projects = [ln.Project(name=f"{count} {number}") for number in range(count)]
        ln.save([*labels, *projects])
        artifact.ulabels.add(*labels)
        artifact.projects.add(*projects)
        run.input_artifacts.add(artifact)
        ln.models.ArtifactBlock(artifact=artifact, content=f"readme {count}", kind="readme").save()
        with queries.exactly(4):
            artifact.describe(return_str=True, include="comments")
        with queries.exactly(4):
            artifact._repr_html_()


def test_21_notes_are_shown_and_comments_on_request(database: Database) -> None:
    label = ln.ULabel(name="a").save()
    assert "Notes" not in lines(label)
    ln.models.ULabelBlock(ulabel=label, content="# Old", kind="readme").save()
    ln.models.ULabelBlock(ulabel=label, content="# About\n\n" + "line\n" * 40 + "x" * 200, kind="readme").save()
    ln.models.ULabelBlock(ulabel=label, content="looks good\nto me", kind="comment").save()
    text = lines(label)
    at = text.index("Notes")
    assert text[at : at + 4] == ["Notes", "  # About", "", "  line"]
    assert text[-1] == "  … 13 more lines"
    assert not any("looks good" in line for line in text)
    text = lines(label, include="comments")
    assert text[-3].startswith("Comment by testuser at 20")
    assert text[-2:] == ["  looks good", "  to me"]
    with pytest.raises(InvalidArgument) as caught:
        label.describe(include="comment")  # type: ignore[arg-type]
    assert str(caught.value) == "what can be included is 'comments', not 'comment'; did you mean 'comments'?"


def test_26_describe_is_stable_plain_text(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    for record in one_of_each():
        text = record.describe(return_str=True)
        assert text == type(record).get(record.id).describe(return_str=True)
        assert all(line == line.rstrip() and line.isprintable() for line in text.splitlines())
        assert record.describe() is None
        assert capsys.readouterr().out == text + "\n"


NASTY = '<script>alert(1)</script> & "it\'s" \x1b[31mred\n  two'


def test_26_what_could_be_markup_or_controls_a_terminal_is_escaped(database: Database) -> None:
    kind = ln.ULabel(name=NASTY, is_type=True, description=NASTY).save()
    label = ln.ULabel(name="member", type=kind).save()
    label.parents.add(kind)
    ln.models.ULabelBlock(ulabel=label, content=NASTY, kind="readme").save()
    for record in (kind, label):
        html = record._repr_html_()
        assert "<script>" not in html
        assert ElementTree.fromstring(html) is not None
        assert "\x1b" not in html
        assert all(line.isprintable() for line in lines(record))
    shown = '<script>alert(1)</script> & "it\'s" \N{REPLACEMENT CHARACTER}[31mred two'
    assert lines(kind)[0] == f"ULabel: {shown}"
    assert fact(label, "type") == shown


def test_26_unsaved_records_can_be_described(database: Database, queries: Any) -> None:
    label = ln.ULabel(name="new")
    with queries.at_most(1):  # it may be the one of that name already
        assert lines(label)[:2] == ["ULabel: new", "! this ULabel is not saved"]
    run = ln.Run(ln.Transform(key="a.py").save())
    assert lines(run)[0].startswith("Run: ")


def test_26_records_of_another_database(database: Database, other_database: Database) -> None:
    one, two = ln.ULabel(name="one").save(), ln.ULabel(name="two").save()
    one.parents.add(two)
    found = ln.DB(str(database.instance.folder)).ULabel.get(name="one")
    assert lines(found) == lines(one)


def test_sizes() -> None:
    assert [human_size(number) for number in (0, 999, 1000, 123456, 10**13)] == ["0 B", "999 B", "1.0 kB", "123.5 kB", "10.0 TB"]
