"""Several databases side by side: two on SQLite and one on Postgres, used by many threads at once."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lamindb_setup
import pytest
from lamindb_setup.instances import connection

import lamindb as ln
from lamindb.errors import DatabaseMismatch, InstanceNotFoundError
from lamindb.records import context

NAMES = ("one", "two", "three")
THREADS, ROUNDS = 8, 12


@pytest.fixture
def databases(isolation, tmp_path, postgres_server, monkeypatch):
    """Three instances by name; the first one is the current one. Each has labels, and an artifact of its own content."""
    monkeypatch.setenv("LAMIN_SETTINGS_DIR", str(tmp_path / "settings"))  # other tests have instances of these names
    made = {}
    server_database = postgres_server.create()
    for name in NAMES:
        folder = tmp_path / name
        folder.mkdir()
        url = {"db": postgres_server.url(server_database)} if name == "three" else {}
        lamindb_setup.init(storage="./storage", folder=folder, **url)
        made[name] = lamindb_setup.current()
        fill(name, folder)
    connection.set_default(made["one"])
    yield made
    connection._default = None
    for database in made.values():
        context.forget(database)
        database.close()
    postgres_server.drop(server_database)


def fill(name: str, folder: Path) -> None:
    ln.save([ln.ULabel(name=f"{name} {number}", description="0") for number in range(THREADS)])
    path = folder / "data.txt"
    path.write_text(f"of {name}")
    ln.Artifact(path, key="data.txt").save()


def identifiers(databases) -> dict[str, list[str]]:
    """What people may write for each of them."""
    found = {}
    for name, database in databases.items():
        instance = database.instance
        found[name] = [str(instance.folder), instance.slug, str(instance.folder / "lamin.toml")]
    found["three"].append(str(databases["three"].url))
    found["two"].append(str(databases["two"].url.path))
    return found


def in_threads(work: Callable[[int], None]) -> None:
    """Do something in all threads at once, and raise what any of them raised."""
    together = threading.Barrier(THREADS, timeout=60)

    def start(number: int) -> None:
        together.wait()
        work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(start, range(THREADS)))


def test_every_name_leads_to_the_same_database(databases):
    for name, spelled in identifiers(databases).items():
        for each in spelled:
            assert ln.DB(each).ULabel.get(name=f"{name} 0").database is databases[name]
            assert ln.ULabel.connect(each).get(name=f"{name} 0").database is databases[name]
    assert lamindb_setup.current() is databases["one"]
    assert ln.ULabel.connect("default").get(name="one 0").database is databases["one"]
    with pytest.raises(InstanceNotFoundError, match="nobody/nothing"):
        ln.DB("nobody/nothing")


def test_eight_threads_use_three_databases_at_once(databases):
    """Each thread reads, changes, links and deletes in all of them by turns, and makes new rows in the current one."""
    spelled = identifiers(databases)

    def work(number: int) -> None:
        for turn in range(ROUNDS):
            name = NAMES[(number + turn) % len(NAMES)]
            database = ln.DB(spelled[name][turn % 3])
            label = database.ULabel.get(name=f"{name} {number}")
            label.description = str(int(label.description) + 1)
            label.save()
            found = {each.name.split()[0] for each in database.ULabel.filter(name__endswith=f" {number}")}
            assert found - {"new"} == {name}
            assert name == "one" or "new" not in found
            artifact = ln.Artifact.connect(spelled[name][0]).get(key="data.txt")
            assert artifact.load() == f"of {name}"
            artifact.ulabels.add(label)
            ln.ULabel(name=f"new {number}-{turn} {number}", description="new").save()

    in_threads(work)
    for name in NAMES:
        labels = ln.DB(spelled[name][0]).ULabel
        old = labels.exclude(description="new").order_by("id")
        assert [each.name for each in old] == [f"{name} {number}" for number in range(THREADS)]
        assert [int(each.description) for each in old] == [ROUNDS // len(NAMES)] * THREADS
        assert labels.filter(description="new").count() == (THREADS * ROUNDS if name == "one" else 0)
        artifact = ln.Artifact.connect(spelled[name][0]).get(key="data.txt")
        assert artifact.ulabels.count() == THREADS
        assert {each.created_by.handle for each in old} == {"testuser"}


def test_threads_delete_where_the_handle_points(databases):
    spelled = identifiers(databases)

    def work(number: int) -> None:
        name = NAMES[1 + number % 2]
        ln.DB(spelled[name][0]).ULabel.get(name=f"{name} {number}").delete(permanent=True)

    in_threads(work)
    counts = {name: ln.ULabel.connect(spelled[name][0]).count() for name in NAMES}
    assert counts == {"one": THREADS, "two": THREADS // 2, "three": THREADS // 2}
    assert [each.name for each in ln.DB(spelled["two"][0]).ULabel.order_by("id")] == [f"two {n}" for n in range(1, 8, 2)]


def test_a_transaction_of_one_database_does_not_hold_the_others(databases):
    """What is undone in the current database stays in the others, which commit by themselves."""
    two, three = (ln.DB(str(databases[name].instance.folder)) for name in ("two", "three"))

    def half() -> None:
        with ln.transaction():
            ln.ULabel(name="half").save()
            for database, name in ((two, "two"), (three, "three")):
                label = database.ULabel.get(name=f"{name} 0")
                label.description = "kept"
                label.save()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert ln.ULabel.filter(name="half").count() == 0
    assert [each.ULabel.filter(description="kept").count() for each in (two, three)] == [1, 1]


def test_records_of_two_databases_are_not_mixed(databases):
    theirs = ln.DB(str(databases["three"].instance.folder)).ULabel.get(name="three 0")
    mine = ln.Artifact.get(key="data.txt")
    with pytest.raises(DatabaseMismatch):
        mine.ulabels.add(theirs)
    assert mine.ulabels.count() == 0
    assert theirs != ln.ULabel.get(theirs.id)


@pytest.mark.parametrize("tracked", ["one", "three"])
def test_handles_stay_open_and_apart_while_a_run_is_tracked(databases, tracked):
    others = [name for name in NAMES if name != tracked]
    handles = {name: ln.DB(str(databases[name].instance.folder)) for name in others}
    connection.set_default(databases[tracked])

    @ln.step()
    def use(number: int) -> str:
        name = others[number % 2]
        text: str = handles[name].Artifact.get(key="data.txt").load()
        label = handles[name].ULabel.get(name=f"{name} {number}")
        label.description = "in a run"
        label.save()
        ln.ULabel(name=f"made by {number}").save()
        return text

    ln.track(transform=ln.Transform(key="around"))
    try:
        run = ln.context.run
        ln.Artifact.get(key="data.txt").load()
        read = {}
        in_threads(lambda number: read.update({number: use(number)}))
        assert handles[others[0]].ULabel.get(name=f"{others[0]} 0").run is None
    finally:
        ln.finish()
    assert read == {number: f"of {others[number % 2]}" for number in range(THREADS)}
    for name in others:
        assert handles[name].Run.count() == handles[name].Transform.count() == 0
        assert handles[name].ULabel.filter(description="in a run").count() == THREADS // 2
        assert handles[name].ULabel.filter(name__startswith="made by").count() == 0
        assert handles[name].Artifact.get(key="data.txt").input_of_runs.count() == 0
    steps = ln.Run.filter(initiated_by_run=run)
    assert [step.status for step in steps] == ["completed"] * THREADS
    made = ln.ULabel.filter(name__startswith="made by")
    assert {int(each.name.split()[-1]): each.run_id for each in made} == {step.params["number"]: step.id for step in steps}
    assert ln.Artifact.get(key="data.txt").input_of_runs.one() == run


FIRST_USE = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
import lamindb as ln
together = threading.Barrier(8, timeout=60)
def use(number):
    together.wait()
    handle = ln.DB(sys.argv[1 + number % 3])
    label = handle.ULabel.order_by("id").first()
    label.description = str(number)
    label.save(force=True)
    text = handle.Artifact.get(key="data.txt").describe(return_str=True)
    return label.name, label.database, text.splitlines()[0]
with ThreadPoolExecutor(8) as pool:
    found = list(pool.map(use, range(8)))
names, databases, texts = ({each[place] for each in found} for place in range(3))
print(*sorted(names), *texts, len(databases), sep=", ")
"""


def test_threads_may_be_the_first_to_use_anything(databases):
    """Opening, importing and mapping happen once, whoever comes first, in a process that has done nothing before."""
    folders = [str(databases[name].instance.folder) for name in NAMES]
    for _ in range(5):
        command = [sys.executable, "-c", FIRST_USE, *folders]
        done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout == "one 0, three 0, two 0, Artifact: data.txt (0000), 3\n"
