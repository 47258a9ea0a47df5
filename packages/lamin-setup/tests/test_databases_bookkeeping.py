"""What a database says it has, and what a client makes of it: same, older, newer, too old, too new."""

from pathlib import Path

import pytest

import lamindb_setup
import lamindb_setup.testing
from lamindb_setup import errors
from lamindb_setup.databases import bookkeeping
from lamindb_setup.databases.bookkeeping import ModuleState
from lamindb_setup.databases.compatibility import why_read_only
from lamindb_setup.modules import Module


def reopen() -> lamindb_setup.Database:
    lamindb_setup.testing.forget_everything()
    return lamindb_setup.current()


def test_what_a_database_has(tiny, project: Path, place: str | None) -> None:
    tiny.add("other")
    tiny.add(revisions=3)
    lamindb_setup.init(modules="tiny", db=place)
    database = reopen()
    assert database.has_module("tiny")
    assert not database.has_module("other")
    assert database.has_table("tiny_thing")
    assert not database.has_table("other_thing")
    assert not database.has_table("nothing")
    assert database.has_column("tiny_thing", "note3")
    assert not database.has_column("tiny_thing", "note4")
    assert not database.has_column("other_thing", "uid")
    tiny.add(revisions=4, version="1.1.0")
    database = reopen()
    assert database.has_column("tiny_thing", "note3")
    assert not database.has_column("tiny_thing", "note4"), "the package has it, the database has not"


def test_has_asks_nothing(tiny, project: Path) -> None:
    lamindb_setup.init(modules="tiny")
    database = lamindb_setup.current()
    with lamindb_setup.testing.QueryLog(database).exactly(0):
        database.has_table("tiny_thing"), database.has_column("tiny_thing", "uid"), database.has_module("tiny")


def test_the_rows_of_a_new_database(tiny, project: Path, place: str | None) -> None:
    lamindb_setup.init(modules="tiny", db=place)
    database = lamindb_setup.current()
    with database.reading() as connection:
        contents = bookkeeping.read(connection)
        applied = connection.exec_driver_sql("SELECT applied_at FROM lamin_module").scalar()
        assert connection.exec_driver_sql("SELECT version_num FROM lamin_revision").scalars().all() == ["tiny_0001"]
    instance = database.instance
    assert contents == database.contents
    assert contents.row == bookkeeping.InstanceRow(
        instance.uid, instance.uuid, "testuser", instance.name, instance.storage.uid, str(project / "storage")
    )
    assert contents.modules == {"tiny": ModuleState("tiny", "1.0.0", "tiny_0001", "tiny_0001", "tiny_0001")}
    assert applied is not None


# ---- opening with another version of the package ----------------------------------------------------------------------------
def test_an_older_database_opens_for_reading(tiny, project: Path, place: str | None) -> None:
    lamindb_setup.init(modules="tiny", db=place)
    tiny.add(revisions=2, version="1.2.0")
    database = reopen()
    assert database.read_only
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM tiny_thing").scalar() == 1
    with pytest.raises(
        errors.DatabaseReadOnly, match=r"is at revision tiny_0001, while lamin-tiny 1.2.0 expects tiny_0002.*deploy"
    ):
        database.writing().__enter__()


def test_a_much_older_database_is_refused(tiny, project: Path, place: str | None) -> None:
    lamindb_setup.init(modules="tiny", db=place)
    for version in ("1.3.0", "2.0.0"):
        tiny.add(revisions=2, version=version)
        with pytest.raises(errors.DatabaseTooOld, match="run `lamin migrate deploy` to bring the database up to date"):
            reopen()


def test_a_newer_database_is_written_where_its_row_allows(tiny, project: Path, place: str | None) -> None:
    tiny.add(revisions=2, version="1.2.0")
    lamindb_setup.init(modules="tiny", db=place)
    tiny.add(revisions=1, version="1.0.0")
    database = reopen()
    assert not database.read_only
    assert database.has_column("tiny_thing", "uid")
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql("DELETE FROM tiny_thing")


def test_a_newer_database_is_only_read_where_its_row_says_so(tiny, project: Path, place: str | None) -> None:
    tiny.add(revisions=2, version="1.2.0", limits="WRITES_SINCE = {'tiny_0002': 'tiny_0002'}")
    lamindb_setup.init(modules="tiny", db=place)
    tiny.add(revisions=1, version="1.0.0")
    database = reopen()
    assert database.read_only
    assert "was migrated by lamin-tiny 1.2.0 to tiny_0002" in database.why_read_only
    assert "pip install 'lamin-tiny>=1.2.0'` to write" in database.why_read_only


@pytest.mark.parametrize(
    ("version", "limits"),
    [("1.2.0", "READS_SINCE = {'tiny_0002': 'tiny_0002'}"), ("1.3.0", ""), ("2.0.0", "")],
)
def test_a_much_newer_database_is_refused(tiny, project: Path, version: str, limits: str) -> None:
    tiny.add(revisions=2, version=version, limits=limits)
    lamindb_setup.init(modules="tiny")
    tiny.add(revisions=1, version="1.0.0")
    with pytest.raises(errors.DatabaseTooNew, match=f"pip install 'lamin-tiny>={version}'"):
        reopen()


def test_a_module_that_is_not_installed_does_not_matter(tiny, project: Path) -> None:
    tiny.add("more", requires=("tiny",))
    lamindb_setup.init(modules="more")
    for path in tiny.folder.glob("lamin_more*"):
        (path / "entry_points.txt").unlink()
    tiny.reload()
    database = reopen()
    assert not database.read_only
    assert database.has_module("more")
    assert not database.has_table("more_thing")
    assert sorted(database.instance.modules) == ["more", "tiny"]


@pytest.mark.parametrize(
    ("mine", "theirs", "allowed"),
    [
        ("3.0.0", "3.2.1", True),
        ("3.0", "3.3", False),
        ("3.2.0.dev1", "3.0.0rc2", True),
        ("3.0.0", "4.0.0", False),
        ("3", "3.1", True),
    ],
)
def test_two_minor_versions(mine: str, theirs: str, allowed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    class Fixed(Module):
        revisions = ("m_0001",)
        revision = "m_0001"

    state = ModuleState("m", theirs, "m_0002", "m_0001", "m_0001")
    installed = {"m": Fixed("m", "p", "d", mine)}
    if allowed:
        assert why_read_only("a/b", {"m": state}, installed) is None
    else:
        with pytest.raises(errors.DatabaseTooNew):
            why_read_only("a/b", {"m": state}, installed)


def test_limits_of_earlier_revisions_stay_in_force(site) -> None:
    site.add("m", revisions=4, limits="READS_SINCE = {'m_0002': 'm_0002'}\nWRITES_SINCE = {'m_0003': 'm_0003'}")
    module = lamindb_setup.modules.get("m")
    assert [bookkeeping.compatible_since(module, name) for name in module.revisions] == [
        ("m_0001", "m_0001"),
        ("m_0002", "m_0001"),
        ("m_0002", "m_0003"),
        ("m_0002", "m_0003"),
    ]
