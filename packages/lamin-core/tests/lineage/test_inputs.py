"""What a run read, made and made again. Numbers are those of the acceptance list."""

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import InvalidArgument
from lamindb.records import context

from .conftest import Lab

Make = Callable[..., Any]


@pytest.fixture
def artifact(database: Database, tmp_path: Path) -> Make:
    """Makes an artifact of a text, saved unless told otherwise."""

    def of(text: str, key: str | None = None, **arguments: Any) -> Any:
        path = tmp_path / (key or "a.txt")
        path.write_text(text)
        return ln.Artifact(path, key=path.name, **arguments)

    return of


@pytest.fixture(autouse=True)
def nothing_stays_tracked(database: Database) -> Iterator[None]:
    yield
    if ln.context.session is not None and not ln.context.session.execution.has_ended:
        ln.finish()


def begin(name: str = "pipe") -> Any:
    ln.track(transform=ln.Transform(key=name))
    return ln.context.run


def rolled_back(call: Callable[[], Any]) -> None:
    """Do something in a transaction that is then given up."""
    with suppress(RuntimeError), ln.transaction():
        call()
        raise RuntimeError


def inputs(run: Any) -> set[str]:
    return {each.key for each in run.input_artifacts.all()}


def opened(artifact: Any, **arguments: Any) -> None:
    artifact.open(**arguments).close()


READS: list[Callable[..., Any]] = [
    lambda it, **arguments: it.load(**arguments),
    lambda it, **arguments: it.cache(**arguments),
    opened,
]
"""What reads an artifact."""
CHOICES = [
    (True, None, True),
    (True, True, True),
    (True, False, False),
    (False, None, False),
    (False, True, True),
    (False, False, False),
]
"""`ln.settings.track_run_inputs`, the argument, and whether it becomes an input."""


@pytest.mark.parametrize("read", READS)
def test_26_what_is_read_is_an_input_at_once_and_once(artifact: Make, queries: Any, read: Callable[[Any], None]) -> None:
    one = artifact("one", "one.txt").save()
    run = begin()
    with queries.at_most(3) as log:
        read(one)
    assert sum("INSERT" in statement for statement in log.statements) == 1
    assert inputs(run) == {"one.txt"}
    with queries.exactly(0):
        read(one)
    ln.finish()
    assert inputs(run) == {"one.txt"}


LOOKS: list[Callable[[Any], Any]] = [
    lambda it: it.path,
    lambda it: it.describe(return_str=True),
    lambda it: it.view_lineage(return_graph=True),
    lambda it: ln.Artifact.get(it.uid),
    lambda it: ln.Artifact.filter(key=it.key).one(),
    lambda it: list(ln.Artifact.filter()),
    lambda it: ln.Artifact.filter().to_dataframe(),
    lambda it: (it.run.report.load(), it.run.environment.cache()),
]
"""What looks at an artifact without reading it, or reads what is no data."""


@pytest.mark.parametrize("look", LOOKS)
def test_26_what_is_looked_at_is_no_input(artifact: Make, look: Callable[[Any], None]) -> None:
    ln.track(transform=ln.Transform(key="before"), stream_tracking=True)
    print("said")
    one = artifact("one", "one.txt").save()
    ln.finish()
    run = begin()
    look(one)
    assert inputs(run) == set()


def test_26_reports_and_environments_are_inputs_where_that_is_said(artifact: Make) -> None:
    environment = begin("before").environment
    ln.finish()
    run = begin()
    environment.load(is_run_input=True)
    assert run.input_artifacts.one() == environment


def test_26_what_cannot_be_read_is_no_input(artifact: Make) -> None:
    one = artifact("one", "one.txt").save()
    one.path.unlink()
    run = begin()
    with pytest.raises(ln.errors.ArtifactMissing):
        one.load()
    assert inputs(run) == set()


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize(("setting", "argument", "is_input"), CHOICES)
def test_26_the_argument_decides_then_the_setting(
    artifact: Make, monkeypatch: pytest.MonkeyPatch, read: Callable[..., Any], setting: bool, argument: Any, is_input: bool
) -> None:
    one = artifact("one", "one.txt").save()
    monkeypatch.setattr(context, "track_inputs", True)
    ln.settings.track_run_inputs = setting
    assert ln.settings.track_run_inputs is setting
    run = begin()
    read(one, is_run_input=argument)
    assert inputs(run) == ({"one.txt"} if is_input else set())


@pytest.mark.parametrize("read", READS)
def test_26_another_run_can_be_named(artifact: Make, monkeypatch: pytest.MonkeyPatch, read: Callable[..., Any]) -> None:
    one, two = artifact("one", "one.txt").save(), artifact("two", "two.txt").save()
    other = ln.Run(ln.Transform(key="other").save()).save()
    read(one, is_run_input=other)
    run = begin()
    monkeypatch.setattr(context, "track_inputs", False)
    read(one, is_run_input=other)
    read(two, is_run_input=other)
    assert inputs(other) == {"one.txt", "two.txt"}
    assert inputs(run) == set()


@pytest.mark.parametrize("read", [READS[0], READS[1], lambda it, **arguments: ln.Artifact.get(it.uid, **arguments)])
def test_26_what_is_no_run_is_refused(artifact: Make, read: Callable[..., Any]) -> None:
    one = artifact("one", "one.txt").save()
    for wrong in ("x", 1, one, ln.Run(ln.Transform(key="other").save())):
        with pytest.raises(InvalidArgument, match="is_run_input must be True, False or a saved Run, not "):
            read(one, is_run_input=wrong)


def test_26_the_setting_is_checked(database: Database) -> None:
    with pytest.raises(InvalidArgument, match="True or False"):
        ln.settings.track_run_inputs = "yes"  # type: ignore[assignment]  # that is the test


def test_26_what_is_not_saved_is_no_input(
    artifact: Make, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "_warned", False)
    assert artifact("one", "one.txt").load() == "one"
    run = begin()
    assert artifact("two", "two.txt").load() == "two"
    assert inputs(run) == set()
    assert "no run is tracked" not in caplog.text


READS_OF_COLLECTIONS: list[Callable[..., Any]] = [
    lambda it, **arguments: it.load(**arguments),
    lambda it, **arguments: it.cache(**arguments),
    lambda it, **arguments: it.open(**arguments),
]


@pytest.mark.parametrize("read", READS_OF_COLLECTIONS)
def test_26_a_collection_that_is_read_is_an_input_without_its_artifacts(artifact: Make, read: Callable[..., Any]) -> None:
    files = [artifact(f"x\n{number}\n", f"{number}.csv").save() for number in range(2)]
    collection = ln.Collection(files, key="both").save()
    run = begin()
    read(collection)
    read(collection)
    assert [each.key for each in run.input_collections.all()] == ["both"]
    assert inputs(run) == set()


READS_OF_SETS: list[Callable[..., Any]] = [
    lambda it, **arguments: it.load(**arguments),
    lambda it, **arguments: it.open(**arguments),
]


@pytest.mark.parametrize("read", READS_OF_SETS)
@pytest.mark.parametrize(("setting", "argument", "is_input"), CHOICES)
def test_26_all_artifacts_of_a_query_set_that_is_read_are_inputs(
    artifact: Make, monkeypatch: pytest.MonkeyPatch, read: Callable[..., Any], setting: bool, argument: Any, is_input: bool
) -> None:
    for number in range(2):
        artifact(f"x\n{number}\n", f"{number}.csv").save()
    other = ln.Run(ln.Transform(key="other").save()).save()
    run = begin()
    monkeypatch.setattr(context, "track_inputs", setting)
    with pytest.raises(InvalidArgument, match="this query set has no artifacts"):
        read(ln.Artifact.filter(key="none"), is_run_input=argument)
    found = ln.Artifact.filter(suffix=".csv")
    read(found, is_run_input=argument)
    assert inputs(run) == ({"0.csv", "1.csv"} if is_input else set())
    read(found, is_run_input=other)
    assert inputs(other) == {"0.csv", "1.csv"}
    assert inputs(run) == ({"0.csv", "1.csv"} if is_input else set())


@pytest.mark.parametrize("read", READS_OF_COLLECTIONS)
@pytest.mark.parametrize(("setting", "argument", "is_input"), CHOICES)
def test_26_reading_a_collection_follows_argument_and_setting(
    artifact: Make, monkeypatch: pytest.MonkeyPatch, read: Callable[..., Any], setting: bool, argument: Any, is_input: bool
) -> None:
    collection = ln.Collection([artifact("x\n1\n", "1.csv").save()], key="one").save()
    other = ln.Run(ln.Transform(key="other").save()).save()
    run = begin()
    monkeypatch.setattr(context, "track_inputs", setting)
    read(collection, is_run_input=argument)
    assert run.input_collections.count() == is_input
    read(collection, is_run_input=other)
    assert (run.input_collections.count(), other.input_collections.count()) == (is_input, 1)


def test_26_what_a_collection_is_made_of_is_an_input(artifact: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [artifact(f"{number}", f"{number}.txt").save() for number in range(3)]
    run = begin()
    mine = artifact("mine", "mine.txt").save()
    collection = ln.Collection([*before[:2], mine], key="some")
    assert inputs(run) == set()
    collection.save()
    assert inputs(run) == {"0.txt", "1.txt"}
    assert collection.run == run
    collection.load  # noqa: B018  # looked at, not read
    assert run.input_collections.count() == 0
    monkeypatch.setattr(context, "track_inputs", False)
    collection.append(before[2]).save()
    assert inputs(run) == {"0.txt", "1.txt"}


def test_26_a_new_version_has_read_the_collection_that_it_revises_but_not_the_artifact(artifact: Make) -> None:
    before = [artifact(f"{number}", f"{number}.txt").save() for number in range(3)]
    collection = ln.Collection(before[:1], key="some").save()
    run = begin()
    artifact("changed", "1.txt").save()
    assert inputs(run) == set()
    second = collection.append(before[2])
    assert run.input_collections.count() == 0
    second.save()
    second.append(before[1]).save()
    assert [each.uid for each in run.input_collections.all()] == [collection.uid], "what it made itself is no input"
    assert inputs(run) == {"0.txt", "1.txt", "2.txt"}


@pytest.mark.parametrize(("argument", "is_input"), [(None, False), (False, False), (True, True)])
@pytest.mark.parametrize("setting", [True, False])
def test_26_getting_is_reading_only_where_that_is_said(
    artifact: Make, monkeypatch: pytest.MonkeyPatch, setting: bool, argument: bool | None, is_input: bool
) -> None:
    uid = artifact("one", "one.txt").save().uid
    monkeypatch.setattr(context, "track_inputs", setting)
    run = begin()
    assert ln.Artifact.get(uid, is_run_input=argument).key == "one.txt"
    assert inputs(run) == ({"one.txt"} if is_input else set())


def test_26_getting_for_another_run(artifact: Make) -> None:
    artifact("one", "one.txt").save()
    other = ln.Run(ln.Transform(key="other").save()).save()
    ln.Artifact.get(key="one.txt", is_run_input=other)
    assert inputs(other) == {"one.txt"}


@pytest.mark.parametrize(
    "read", [*READS, lambda it, **arguments: ln.Artifact.get(it.uid, is_run_input=arguments.get("is_run_input", True))]
)
def test_26_a_missing_run_is_said_once(
    artifact: Make, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, read: Callable[..., Any]
) -> None:
    monkeypatch.setattr(context, "_warned", False)
    one = artifact("one", "one.txt").save()
    collection = ln.Collection([artifact("x\n1\n", "1.csv").save()], key="one").save()
    with caplog.at_level(logging.WARNING, "lamindb"):
        read(one, is_run_input=False)
        assert caplog.messages == []
        read(one)
        read(one)
        collection.load()
    assert caplog.messages == ["no run is tracked, so that what is read becomes input of none: call ln.track() first"]


def test_26_a_missing_run_is_not_said_where_inputs_are_not_tracked(
    artifact: Make, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "_warned", False)
    monkeypatch.setattr(context, "track_inputs", False)
    one = artifact("one", "one.txt").save()
    with caplog.at_level(logging.WARNING, "lamindb"):
        one.load()
        one.cache()
    assert caplog.messages == []


def test_26_databases_that_are_only_read_stay_silent(
    artifact: Make, database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ln.Collection([artifact("x\n1\n", "1.csv").save()], key="one").save()
    artifact("one", "one.txt").save()
    monkeypatch.setattr(context, "_warned", False)
    assert database.instance.folder is not None
    there = ln.DB(str(database.instance.folder), read_only=True)
    with caplog.at_level(logging.WARNING, "lamindb"):
        for read in READS:
            read(there.Artifact.get(key="one.txt"))
        for read in READS_OF_COLLECTIONS:
            read(there.Collection.get(key="one"))
        begin()
        there.Artifact.get(key="one.txt").load()
        ln.finish()
    assert caplog.messages == []


def test_26_tracking_a_database_that_is_only_read_does_nothing(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    assert database.instance.folder is not None
    ln.connect(str(database.instance.folder), read_only=True)
    try:
        with caplog.at_level(logging.WARNING, "lamindb"):
            ln.track(transform=ln.Transform(key="pipe"))
        assert caplog.messages == [f"{database.slug} is open for reading only, so that no run is tracked"]
        assert ln.context.run is None
    finally:
        ln.connect(str(database.instance.folder))


def test_26_artifacts_of_another_database_are_no_inputs(database: Database, other_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("theirs")
    assert other_database.instance.folder is not None
    assert database.instance.folder is not None
    ln.connect(str(other_database.instance.folder))
    ln.Artifact(path, key="a.txt").save()
    ln.connect(str(database.instance.folder))
    run = begin()
    assert ln.DB(str(other_database.instance.folder)).Artifact.get(key="a.txt").load() == "theirs"
    assert run.input_artifacts.count() == 0


def test_26_an_input_that_is_rolled_back_is_noted_again(artifact: Make) -> None:
    one = artifact("one", "one.txt").save()
    run = begin()
    rolled_back(one.load)
    assert inputs(run) == set()
    one.load()
    assert inputs(run) == {"one.txt"}


def test_26_several_at_once_are_one_statement(artifact: Make, queries: Any) -> None:
    several = [artifact(f"{number}", f"{number}.txt").save() for number in range(5)]
    run = begin()
    with queries.exactly(1):
        context.note_read(*several, *several)
    assert len(inputs(run)) == 5


def test_27_what_the_run_made_itself_is_no_input(artifact: Make) -> None:
    run = begin()
    one = artifact("one", "one.txt").save()
    one.load()
    ln.Artifact.get(key="one.txt").load()
    assert one.run == run
    assert inputs(run) == set()


def test_27_the_same_again_is_remade_only_when_it_is_saved(artifact: Make) -> None:
    first = begin("first")
    artifact("one", "one.txt").save()
    ln.finish()
    second = begin("second")
    again = artifact("one", "one.txt")
    assert second.recreated_artifacts.count() == 0
    again.save()
    again.save()
    assert [each.key for each in second.recreated_artifacts.all()] == ["one.txt"]
    assert again.run == first
    assert again.recreating_runs.one() == second
    ln.Artifact.get(key="one.txt").load()
    assert inputs(second) == set()
    assert [each.key for each in second.query_output_artifacts()] == ["one.txt"]
    assert list(second.query_output_artifacts(include_recreated=False)) == []
    assert [each.key for each in first.query_output_artifacts()] == ["one.txt"]
    ln.finish()
    begin("third")
    again.description = "only described"
    again.save()
    assert again.recreating_runs.count() == 1


def test_27_an_input_that_is_made_again_is_no_output(artifact: Make) -> None:
    begin("first")
    artifact("made", "made.txt").save()
    ln.finish()
    artifact("orphan", "orphan.txt").save()
    second = begin("second")
    for key in ("made.txt", "orphan.txt"):
        ln.Artifact.get(key=key).load()
        artifact(key.partition(".")[0], key).save()
    assert inputs(second) == {"made.txt", "orphan.txt"}
    assert list(second.query_output_artifacts()) == []


def test_27_what_had_no_run_belongs_to_the_one_that_makes_it_again(artifact: Make) -> None:
    artifact("orphan", "orphan.txt").save()
    run = begin()
    again = artifact("orphan", "orphan.txt").save()
    assert again.run == run
    assert ln.Artifact.get(key="orphan.txt").run == run
    assert run.recreated_artifacts.count() == 0
    again.load()
    assert inputs(run) == set()


def test_27_a_link_that_is_rolled_back_is_written_by_the_next_save(artifact: Make) -> None:
    begin("first")
    artifact("one", "one.txt").save()
    ln.finish()
    second = begin("second")
    again = artifact("one", "one.txt")
    rolled_back(again.save)
    assert second.recreated_artifacts.count() == 0
    again.save()
    assert second.recreated_artifacts.count() == 1


def test_every_record_made_in_a_run_knows_it(artifact: Make) -> None:
    label_before = ln.ULabel(name="before").save()
    run = begin()
    one, without = artifact("one", "one.txt").save(), artifact("two", "two.txt", run=False).save()
    ln.save([ln.ULabel(name="a"), ln.ULabel(name="b")])
    one.ulabels.add(label_before)
    assert (one.run, without.run) == (run, None)
    assert {label.name: label.run for label in ln.ULabel.filter()} == {"before": None, "a": run, "b": run}
    assert one.links_ulabel.one().run == run
    assert ln.Transform(key="written here").save().run == run
    ln.finish()
    assert ln.ULabel(name="after").save().run is None
    assert set(map(str, ln.Artifact.filter(run=run).to_list("key"))) == {"one.txt"}


def test_a_script_with_inputs_and_outputs(lab: Lab) -> None:
    lab.write("a.csv", "x\n1\n", head="")
    lab.run(lab.write("make.py", "ln.track()\nln.Artifact('a.csv', key='raw/a.csv').save()\nln.finish()\n"))
    use = """
    ln.track()
    frame = ln.Artifact.get(key="raw/a.csv").load()
    frame.to_csv("b.csv", index=False, sep=";")
    ln.Artifact("b.csv", key="clean/b.csv").save()
    ln.finish()
    """
    lab.run(lab.write("use.py", use))
    made, used = lab.runs()
    assert [each.key for each in made.output_artifacts.all()] == ["raw/a.csv"]
    assert inputs(used) == {"raw/a.csv"}
    assert [each.key for each in used.output_artifacts.all()] == ["clean/b.csv"]
    lab.run("use.py")
    again = lab.runs()[-1]
    assert [each.key for each in again.recreated_artifacts.all()] == ["clean/b.csv"]
