"""`init` where nothing goes wrong, and where something is in the way."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

import lamindb_setup.testing
from lamindb_setup import errors
from lamindb_setup.databases.url import parse
from lamindb_setup.storage import marker


def test_init_makes_database_marker_and_descriptor(tiny, project: Path, place: str | None) -> None:
    outcome = lamindb_setup.init(modules="tiny", db=place, name="first")
    database = lamindb_setup.current()
    assert outcome.action == "created"
    assert database.instance == outcome.instance
    assert database.slug == "testuser/first"
    assert database.instance.modules == ("tiny",)
    assert database.instance.storage.path == project / "storage"
    with database.reading() as connection:
        uids = connection.exec_driver_sql("SELECT uid FROM tiny_thing").scalars().all()
        versions = connection.exec_driver_sql("SELECT version_num FROM lamin_revision").scalars().all()
    assert uids == [lamindb_setup.identity.current_profile().uid]
    assert versions == ["tiny_0001"]
    found = marker.read(project / "storage")
    assert found == marker.Marker(database.instance.storage.uid, "testuser/first", database.instance.uuid, database.instance.uid)
    text = (project / "lamin.toml").read_text()
    assert f'uid = "{database.instance.uid}"' in text
    assert 'storage = "storage"' in text


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder with their bytes, without SQLite's temporary companions; folders with a slash."""
    return {
        path.relative_to(folder).as_posix() + ("/" if path.is_dir() else ""): b"" if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if not path.name.endswith(("-wal", "-shm"))
    }


def test_init_again_connects_and_changes_no_byte(tiny, project: Path, place: str | None) -> None:
    first = lamindb_setup.init(modules="tiny", db=place)
    before = tree(project)
    again = lamindb_setup.init(modules="tiny", db=place)
    bare = lamindb_setup.init()
    assert (again.action, bare.action) == ("connected", "connected")
    assert again.instance == bare.instance == first.instance
    assert tree(project) == before


def test_a_new_sqlite_file_is_sound_and_in_wal_mode(tiny, project: Path) -> None:
    lamindb_setup.init(modules="tiny")
    lamindb_setup.current().close()
    with closing(sqlite3.connect(project / "storage/.lamindb/lamin.db")) as connection, connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_opening_asks_the_database_once(tiny, project: Path, place: str | None) -> None:
    lamindb_setup.init(modules="tiny", db=place)
    lamindb_setup.testing.forget_everything()
    sent: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        lamindb_setup.current()
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    ours = [statement for statement in sent if "lamin_" in statement]
    assert len(ours) == 1
    assert len(sent) <= (1 if place is None else 4), "SQLAlchemy asks a server three things when it first connects"


def test_uids_differ_between_instances_of_one_name(tiny, project: Path, tmp_path: Path) -> None:
    (tmp_path / "other" / "project").mkdir(parents=True)
    here = lamindb_setup.init(modules="tiny").instance
    there = lamindb_setup.init(modules="tiny", folder=tmp_path / "other" / "project").instance
    assert here.slug == there.slug
    assert len({here.uid, there.uid, here.uuid, there.uuid, here.storage.uid, there.storage.uid}) == 6


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({}, "project"),
        ({"storage": "./Some Data"}, "some data"),
        ({"db": "sqlite:///Rows.db"}, "rows"),
        ({"name": "Ärzte & co"}, "Ärzte & co"),
    ],
)
def test_the_name_is_inferred(tiny, project: Path, arguments: dict[str, str], name: str) -> None:
    assert lamindb_setup.init(modules="tiny", **arguments).instance.name == name


@pytest.mark.parametrize("name", ["a/b", "", "  ", "x" * 151, "a\nb"])
def test_a_bad_name_is_refused_and_nothing_is_made(tiny, project: Path, name: str) -> None:
    with pytest.raises(errors.InvalidArgument, match="cannot be the name of an instance"):
        lamindb_setup.init(modules="tiny", name=name)
    assert tree(project) == {}


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"modules": "tinny"}, errors.ModuleNotInstalled, "no installed package offers a module 'tinny'; did you mean 'tiny'"),
        ({"modules": ["tiny", 3]}, errors.InvalidArgument, "modules are names, and 3 is none"),
        ({"db": "mysql://u:secret@h/d"}, errors.InvalidArgument, "'mysql' does not begin a database URL"),
        ({"db": "postgresql://u:secret@h"}, errors.InvalidArgument, "names no database"),
        ({"db": "sqlite:///:memory:"}, errors.InvalidArgument, "names no database file"),
        ({"storage": "s3://bucket/x"}, errors.InvalidArgument, "'s3://bucket/x' is not a folder of this machine"),
        ({"storage": "a/.lamindb/b"}, errors.InvalidArgument, "lies inside a '.lamindb' folder"),
        ({"storage": "~"}, errors.HomeIsNoProject, "your home folder"),
    ],
)
def test_bad_arguments_make_nothing(tiny, project: Path, arguments: dict, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence) as caught:
        lamindb_setup.init(**{"modules": "tiny", **arguments})
    assert "secret" not in str(caught.value)
    assert caught.value.exit_code in (2, 3)
    assert tree(project) == {}


def test_the_home_folder_is_no_project(tiny, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(project))
    with pytest.raises(errors.HomeIsNoProject, match="cannot be a project"):
        lamindb_setup.init(modules="tiny")
    assert tree(project) == {}


def test_a_relative_database_path_starts_at_the_project(tiny, project: Path) -> None:
    lamindb_setup.init(modules="tiny", db="sqlite:///rows/my file.db")
    assert (project / "rows/my file.db").is_file()
    assert 'database = "sqlite:///rows/my%20file.db"' in (project / "lamin.toml").read_text()
    assert lamindb_setup.init().action == "connected"


# ---- changed arguments ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"name": "other"}, "is here already and cannot also be called 'other'"),
        ({"storage": "elsewhere"}, "is the project of testuser/project with storage"),
        ({"db": "sqlite:///elsewhere.db"}, "is the project of testuser/project with database"),
    ],
)
def test_other_arguments_on_an_existing_instance_are_refused(
    tiny, project: Path, arguments: dict[str, str], sentence: str
) -> None:
    lamindb_setup.init(modules="tiny")
    before = tree(project)
    with pytest.raises(errors.InvalidArgument, match=sentence) as caught:
        lamindb_setup.init(**arguments)
    assert caught.value.exit_code == 2
    assert tree(project) == before


def test_missing_modules_are_added_to_an_existing_instance(tiny, project: Path, place: str | None) -> None:
    tiny.add("more", requires=("tiny",))
    lamindb_setup.init(modules="tiny", db=place)
    descriptor = project / "lamin.toml"
    descriptor.write_text(descriptor.read_text().replace("branch =", "# a comment of mine\nbranch ="))
    assert not lamindb_setup.current().has_module("more")
    outcome = lamindb_setup.init(modules="more", db=place)
    database = lamindb_setup.current()
    assert outcome.action == "extended"
    assert database.instance.modules == ("more", "tiny") or database.instance.modules == ("tiny", "more")
    assert database.has_table("more_thing")
    assert "# a comment of mine" in descriptor.read_text()
    assert '"more"' in descriptor.read_text()
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM tiny_thing").scalar() == 1


def test_required_modules_come_along_and_are_named(tiny, project: Path, place: str | None) -> None:
    tiny.add("wide", requires=("more", "tiny"))
    tiny.add("more", requires=("tiny",))
    outcome = lamindb_setup.init(modules=["wide"], db=place)
    assert sorted(outcome.instance.modules) == ["more", "tiny", "wide"]
    assert outcome.notes == ("tiny, more came along because others require it",)


# ---- what is there already --------------------------------------------------------------------------------------------------
def make(project: Path) -> Path:
    """An instance with a row of the user's; returns its database file, to which nobody is connected."""
    lamindb_setup.init(modules="tiny")
    with lamindb_setup.current().writing() as transaction:
        transaction.connection.exec_driver_sql("INSERT INTO tiny_thing (uid) VALUES ('precious')")
    lamindb_setup.testing.forget_everything()
    return project / "storage/.lamindb/lamin.db"


def precious() -> list[str]:
    with lamindb_setup.current().reading() as connection:
        return list(connection.exec_driver_sql("SELECT uid FROM tiny_thing WHERE uid = 'precious'").scalars())


@pytest.mark.parametrize(
    "missing", [["lamin.toml"], ["storage/.lamindb/storage_uid.txt"], ["lamin.toml", "storage/.lamindb/storage_uid.txt"]]
)
def test_what_a_killed_init_did_not_write_is_completed(tiny, project: Path, missing: list[str]) -> None:
    make(project)
    before = tree(project)
    for name in missing:
        (project / name).unlink()
    outcome = lamindb_setup.init()
    assert outcome.action == "connected"
    assert precious() == ["precious"]
    assert tree(project) == before


def test_losing_settings_and_descriptor_loses_nothing(tiny, project: Path, tmp_path: Path) -> None:
    """SC-2: a fresh machine, a restored backup."""
    make(project)
    (project / "lamin.toml").unlink()
    (project / "storage/.lamindb/storage_uid.txt").unlink()
    for file in (tmp_path / "home/.lamin").iterdir():
        file.unlink()
    lamindb_setup.init()
    assert precious() == ["precious"]


def test_a_database_of_another_program_is_refused(tiny, project: Path) -> None:
    file = project / "storage/.lamindb/lamin.db"
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE photos (id)")
    before = tree(project)
    with pytest.raises(errors.NotALaminDatabase, match="is a database, but not one of lamin"):
        lamindb_setup.init(modules="tiny")
    assert tree(project) == before


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"", errors.NotALaminDatabase), (b"just some notes, not a database" * 300, errors.NotADatabase)],
)
def test_a_file_that_is_no_database_is_refused(tiny, project: Path, content: bytes, error: type[Exception]) -> None:
    file = project / "storage/.lamindb/lamin.db"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    before = tree(project)
    with pytest.raises(error):
        lamindb_setup.init(modules="tiny")
    assert tree(project) == before


def test_a_truncated_database_is_refused(tiny, project: Path) -> None:
    file = make(project)
    file.write_bytes(file.read_bytes()[:5000])
    before = tree(project)
    with pytest.raises(errors.DatabaseCorrupt, match="is damaged"):
        lamindb_setup.init()
    assert tree(project) == before


def test_the_storage_of_another_instance_is_refused(tiny, project: Path, place: str | None) -> None:
    make(project)
    (project / "lamin.toml").unlink()
    before = tree(project)
    with pytest.raises(errors.StorageAlreadyManaged, match="is managed by testuser/project"):
        lamindb_setup.init(modules="tiny", db=place or "sqlite:///other.db")
    assert tree(project) == before


def test_a_lost_database_is_not_replaced(tiny, project: Path) -> None:
    make(project).unlink()
    before = tree(project)
    with pytest.raises(errors.DatabaseMissing, match=r"is the project of testuser/project, but its database .* is gone"):
        lamindb_setup.init()
    (project / "lamin.toml").unlink()
    with pytest.raises(errors.StorageAlreadyManaged, match="whose database is not at"):
        lamindb_setup.init(modules="tiny")
    del before["lamin.toml"]
    assert tree(project) == before


def test_a_marker_without_a_uid_is_not_replaced(tiny, project: Path) -> None:
    file = project / "storage/.lamindb/storage_uid.txt"
    file.parent.mkdir(parents=True)
    file.write_text("?\n")
    with pytest.raises(errors.StorageMarkerInvalid, match="begins with '\\?', which is no uid"):
        lamindb_setup.init(modules="tiny")
    assert file.read_text() == "?\n"


def test_a_moved_project_works(tiny, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SC-6."""
    make(project)
    moved = tmp_path / "moved"
    project.rename(moved)
    monkeypatch.chdir(moved)
    database = lamindb_setup.current()
    assert precious() == ["precious"]
    assert database.instance.storage.root == str(moved / "storage")
    assert lamindb_setup.init().action == "connected"
    assert not project.exists()


def test_a_copied_project_is_a_database_of_its_own(tiny, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import shutil

    make(project)
    shutil.copytree(project, tmp_path / "copy")
    original = lamindb_setup.open_database(str(project))
    copy = lamindb_setup.open_database(str(tmp_path / "copy"))
    with copy.writing() as transaction:
        transaction.connection.exec_driver_sql("DELETE FROM tiny_thing")
    with original.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM tiny_thing").scalar() == 2
    with pytest.raises(errors.InvalidArgument, match="several instances are called 'project'"):
        lamindb_setup.open_database("project")


def test_a_project_without_its_storage_says_what_is_missing(tiny, project: Path, tmp_path: Path, monkeypatch) -> None:
    """A clone of the repository, where the storage is not under version control."""
    make(project)
    clone = tmp_path / "clone"
    clone.mkdir()
    (clone / "lamin.toml").write_bytes((project / "lamin.toml").read_bytes())
    monkeypatch.chdir(clone)
    with pytest.raises(errors.DatabaseMissing, match="does not exist"):
        lamindb_setup.current()
    assert [path.name for path in clone.iterdir()] == ["lamin.toml"]


def test_a_failing_seed_leaves_nothing(site, project: Path, place: str | None, request: pytest.FixtureRequest) -> None:
    site.add(seed="raise RuntimeError('no network here')")
    with pytest.raises(
        errors.InstanceNotCreated, match=r"module 'tiny' could not insert its first rows \(RuntimeError: no network"
    ):
        lamindb_setup.init(modules="tiny", db=place)
    assert tree(project) == {}
    site.add()
    assert lamindb_setup.init(modules="tiny", db=place).action == "created"


def test_a_wrong_statement_in_the_ddl_leaves_nothing(site, project: Path, place: str | None) -> None:
    generated = site.add()
    for dialect in ("sqlite", "postgresql"):
        with (generated / f"ddl/{dialect}.sql").open("a") as file:
            file.write("CREATE TABEL oops (id int);\n")
    with pytest.raises(errors.StatementRefused, match="syntax error"):
        lamindb_setup.init(modules="tiny", db=place)
    assert tree(project) == {}
    site.add()
    assert lamindb_setup.init(modules="tiny", db=place).action == "created"


# ---- Postgres ---------------------------------------------------------------------------------------------------------------
@pytest.fixture
def server_url(postgres_server):
    with postgres_server.clone() as url:
        yield url


def test_a_database_that_carries_an_instance_is_refused_unless_adopted(
    tiny, project: Path, server_url: str, tmp_path: Path
) -> None:
    """SC-16: two instances on one database."""
    first = lamindb_setup.init(modules="tiny", db=server_url, name="first").instance
    second = tmp_path / "second"
    second.mkdir()
    for more in ({}, {"storage": "elsewhere", "adopt": True}):
        with pytest.raises(errors.InstanceConflict, match=r"carries the instance testuser/first .* adopt=True"):
            lamindb_setup.init(modules="tiny", db=server_url, folder=second, **more)
        assert list(second.iterdir()) == []
    adopted = lamindb_setup.init(db=server_url, folder=second, adopt=True).instance
    assert (adopted.uid, adopted.storage) == (first.uid, first.storage)
    assert [path.name for path in second.iterdir()] == ["lamin.toml"]
    third = tmp_path / "third"
    third.mkdir()
    assert lamindb_setup.init(db=server_url, folder=third, storage=project / "storage").instance.storage == first.storage


def test_storage_that_is_not_on_this_machine_is_noted(tiny, project: Path, server_url: str, tmp_path: Path) -> None:
    lamindb_setup.init(modules="tiny", db=server_url)
    (project / "storage").rename(tmp_path / "away")
    (project / "lamin.toml").unlink()
    lamindb_setup.testing.forget_everything()
    outcome = lamindb_setup.init(db=server_url)
    assert outcome.notes == (f"its storage {str(project / 'storage')!r} is not on this machine",)
    assert not (project / "storage").exists()
    (project / "lamin.toml").unlink()
    moved = lamindb_setup.init(db=server_url, storage=tmp_path / "away").instance
    assert moved.storage.root == str(tmp_path / "away")
    assert f'storage = "{tmp_path / "away"}"' in (project / "lamin.toml").read_text()


def test_a_killed_init_on_a_server_is_completed(tiny, project: Path, server_url: str) -> None:
    uid = lamindb_setup.init(modules="tiny", db=server_url).instance.uid
    (project / "lamin.toml").unlink()
    (project / "storage/.lamindb/storage_uid.txt").unlink()
    assert lamindb_setup.init(modules="tiny", db=server_url).instance.uid == uid
    assert marker.read(project / "storage") is not None


def test_an_emptied_server_is_not_filled_again(tiny, project: Path, postgres_server) -> None:
    name = postgres_server.create()
    lamindb_setup.init(modules="tiny", db=postgres_server.url(name))
    lamindb_setup.testing.forget_everything()
    postgres_server.drop(name)
    postgres_server.execute(f'CREATE DATABASE "{name}"')
    with pytest.raises(errors.DatabaseMissing, match="is empty"):
        lamindb_setup.init()
    postgres_server.drop(name)


def test_a_password_is_written_nowhere(tiny, project: Path, postgres_server, tmp_path: Path, monkeypatch, caplog) -> None:
    """SC-15."""
    postgres_server.execute("DROP ROLE IF EXISTS secured; CREATE ROLE secured LOGIN SUPERUSER PASSWORD 'tops3cret/@x'")
    with postgres_server.clone() as plain:
        url = plain.replace("postgres@", "secured:tops3cret%2F%40x@")
        outcome = lamindb_setup.init(modules="tiny", db=url)
        database = lamindb_setup.current()
        assert any("LAMIN_DB_PASSWORD" in note for note in outcome.notes)
        with database.reading() as connection:  # the process remembers
            assert connection.exec_driver_sql("SELECT current_user").scalar() == "secured"
        lamindb_setup.open_database(str(project))
        shown = [
            repr(database),
            repr(outcome),
            str(outcome),
            repr(database.instance),
            repr(database.url),
            str(lamindb_setup.info()),
        ]
        shown += [path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file()] + [caplog.text]
        assert [text for text in shown if "tops3cret" in text] == []
        lamindb_setup.testing.forget_everything()
        with pytest.raises(errors.NoDatabaseAccess, match="LAMIN_DB_PASSWORD") as caught:
            lamindb_setup.current()
        assert "tops3cret" not in str(caught.value)
        monkeypatch.setenv("LAMIN_DB_PASSWORD", "tops3cret/@x")
        assert lamindb_setup.current().instance.uid == outcome.instance.uid
        lamindb_setup.testing.forget_everything()
        monkeypatch.delenv("LAMIN_DB_PASSWORD")
        passfile = tmp_path / "pgpass"
        passfile.write_text(f"*:*:{parse(url).database}:secured:tops3cret/@x\n")
        passfile.chmod(0o600)
        monkeypatch.setenv("PGPASSFILE", str(passfile))
        assert lamindb_setup.current().instance.uid == outcome.instance.uid
        lamindb_setup.testing.forget_everything()


def test_a_project_reached_through_a_link_can_still_be_moved(tiny, project: Path, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "link").symlink_to(project)
    monkeypatch.chdir(tmp_path / "link")
    uid = lamindb_setup.init(modules="tiny", folder=tmp_path / "link").instance.uid
    assert 'database = "sqlite:///storage/.lamindb/lamin.db"' in (project / "lamin.toml").read_text()
    assert lamindb_setup.init(storage=project / "storage", folder=project).instance.uid == uid
    assert lamindb_setup.open_database(project) is lamindb_setup.open_database(tmp_path / "link")
    assert lamindb_setup.open_database("link").instance.uid == uid


def test_a_project_inside_a_project_is_noted(tiny, project: Path) -> None:
    lamindb_setup.init(modules="tiny")
    (project / "inner").mkdir()
    outcome = lamindb_setup.init(modules="tiny", folder=project / "inner")
    assert outcome.notes == ("this folder lies inside the project of testuser/project, whose instance is no longer used here",)
