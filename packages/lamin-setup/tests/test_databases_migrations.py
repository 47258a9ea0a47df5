"""Migrations by Alembic: equal to the DDL, in one transaction, blind to modules that are not installed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

import lamindb_setup
import lamindb_setup.testing
from lamindb_setup import errors, migrate, modules
from lamindb_setup.databases import migrations
from lamindb_setup.testing import bare_database


def reopen() -> lamindb_setup.Database:
    lamindb_setup.testing.forget_everything()
    return lamindb_setup.current()


def shape(engine: sa.Engine) -> dict:
    """Everything a dialect tells of the tables, by name."""
    inspector, found = sa.inspect(engine), {}
    for kind in ("columns", "pk_constraint", "foreign_keys", "unique_constraints", "indexes", "check_constraints"):
        for (_, table), items in getattr(inspector, f"get_multi_{kind}")().items():
            listed = items if isinstance(items, list) else [items]
            found[table, kind] = sorted(repr({key: str(value) for key, value in sorted(item.items())}) for item in listed)
    return found


def bookkept(database: lamindb_setup.Database) -> tuple:
    with database.reading() as connection:
        revisions = connection.exec_driver_sql("SELECT version_num FROM lamin_revision ORDER BY 1").scalars().all()
        rows = connection.exec_driver_sql(
            "SELECT name, version, revision, reads_since, writes_since FROM lamin_module ORDER BY 1"
        ).all()
    return revisions, [tuple(row) for row in rows]


def test_init_equals_all_migrations_from_nothing(tiny, project: Path, place: str | None, database_url: str) -> None:
    if (place is None) != database_url.startswith("sqlite"):
        pytest.skip("the same dialect twice")
    tiny.add(revisions=3, limits="READS_SINCE = {'tiny_0002': 'tiny_0002'}")
    tiny.add("more", requires=("tiny",), revisions=2)
    lamindb_setup.init(modules="more", db=place)
    created = lamindb_setup.current()
    migrated = bare_database(database_url)
    applied = migrations.upgrade(migrated, modules.with_requirements(["more"]))
    assert applied == ["tiny_0001", "tiny_0002", "tiny_0003", "more_0001", "more_0002"]
    assert bookkept(migrated) == bookkept(created)
    left, right = shape(migrated.engine), shape(created.engine)
    assert left == right
    assert ("more_thing", "columns") in left
    assert migrations.upgrade(migrated, modules.with_requirements(["more"])) == []
    migrated.close()


def test_deploy_brings_an_older_database_up_to_date(tiny, project: Path, place: str | None) -> None:
    lamindb_setup.init(modules="tiny", db=place)
    tiny.add(revisions=3, version="1.1.0")
    reopen()
    assert (migrate.check(), migrate.plan()) == (False, ["tiny_0002", "tiny_0003"])
    assert migrate.deploy() == ["tiny_0002", "tiny_0003"]
    database = lamindb_setup.current()
    assert not database.read_only
    assert database.has_column("tiny_thing", "note3")
    assert (migrate.check(), migrate.deploy()) == (True, [])
    assert bookkept(database) == (["tiny_0003"], [("tiny", "1.1.0", "tiny_0003", "tiny_0001", "tiny_0001")])
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*), count(note3) FROM tiny_thing").one() == (1, 0)
    assert database.instance.folder == project


@pytest.mark.parametrize("version", ["1.9.0", "2.0.0"])
def test_a_database_too_old_to_be_opened_can_be_migrated(tiny, project: Path, place: str | None, version: str) -> None:
    lamindb_setup.init(modules="tiny", db=place)
    tiny.add(revisions=2, version=version)
    with pytest.raises(errors.DatabaseTooOld):
        reopen()
    assert migrate.plan() == ["tiny_0002"]
    assert migrate.deploy() == ["tiny_0002"]
    assert not reopen().read_only


def test_revisions_that_do_not_fit_together(tiny, project: Path) -> None:
    lamindb_setup.init(modules="tiny")
    generated = tiny.add(revisions=3)
    third = generated / "revisions/tiny_0003.py"
    third.write_text(third.read_text().replace("'tiny_0002'", "'tiny_0001'"))
    reopen()
    with pytest.raises(errors.ModuleBroken, match="the revisions of tiny do not fit together"):
        migrate.deploy()


def test_a_backup_is_made_of_a_file(tiny, project: Path) -> None:
    lamindb_setup.init(modules="tiny")
    tiny.add(revisions=2)
    reopen()
    migrate.deploy()
    backup = project / "storage/.lamindb/lamin.db.before-tiny_0002"
    with closing(sqlite3.connect(backup)) as connection, connection:
        assert connection.execute("SELECT version_num FROM lamin_revision").fetchall() == [("tiny_0001",)]
    connection.close()


def test_a_failing_revision_keeps_nothing_of_any(tiny, project: Path, place: str | None) -> None:
    lamindb_setup.init(modules="tiny", db=place)
    generated = tiny.add(revisions=3)
    for dialect in ("sqlite", "postgresql"):
        (generated / f"revisions/tiny_0003.{dialect}.sql").write_text("ALTER TABLE absent ADD COLUMN x text;\n")
    before = bookkept(reopen())
    with pytest.raises(errors.SchemaMismatch, match="absent"):
        migrate.deploy()
    database = reopen()
    assert bookkept(database) == before
    with database.reading() as connection:
        assert len(connection.exec_driver_sql("SELECT * FROM tiny_thing").keys()) == 2


def test_a_newer_module_is_left_alone(tiny, project: Path, place: str | None) -> None:
    tiny.add("more", requires=("tiny",), revisions=2)
    lamindb_setup.init(modules="more", db=place)
    tiny.add("more", requires=("tiny",), revisions=1)
    tiny.add(revisions=2)
    reopen()
    assert migrate.deploy() == ["tiny_0002"]
    assert bookkept(reopen())[0] == ["more_0002", "tiny_0002"]


def test_a_module_that_is_not_installed_is_left_alone(tiny, project: Path, place: str | None) -> None:
    tiny.add("more", requires=("tiny",), revisions=2)
    lamindb_setup.init(modules="more", db=place)
    for path in tiny.folder.glob("lamin_more*"):
        (path / "entry_points.txt").unlink()
    tiny.add(revisions=2)
    reopen()
    assert migrate.deploy() == ["tiny_0002"]
    assert bookkept(reopen())[0] == ["more_0002", "tiny_0002"]


def test_rebuilding_a_table_deletes_nothing_by_cascade(tiny, project: Path) -> None:
    lamindb_setup.init(modules="tiny")
    with lamindb_setup.current().writing() as transaction:
        transaction.connection.exec_driver_sql(
            "CREATE TABLE part (thing_id integer REFERENCES tiny_thing (id) ON DELETE CASCADE)"
        )
        transaction.connection.exec_driver_sql("INSERT INTO part SELECT id FROM tiny_thing")
    generated = tiny.add(revisions=2)
    (generated / "revisions/tiny_0002.sqlite.sql").write_text(
        "CREATE TABLE new_thing (id integer PRIMARY KEY, uid text, note2 text);\n"
        "INSERT INTO new_thing SELECT id, uid, NULL FROM tiny_thing;\n"
        "DROP TABLE tiny_thing;\n"
        "ALTER TABLE new_thing RENAME TO tiny_thing;\n"
    )
    reopen()
    migrate.deploy()
    with lamindb_setup.current().reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM part JOIN tiny_thing ON id = thing_id").scalar() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_migration_that_breaks_references_is_undone(tiny, project: Path) -> None:
    lamindb_setup.init(modules="tiny")
    with lamindb_setup.current().writing() as transaction:
        transaction.connection.exec_driver_sql("CREATE TABLE part (thing_id integer REFERENCES tiny_thing (id))")
        transaction.connection.exec_driver_sql("INSERT INTO part SELECT id FROM tiny_thing")
    generated = tiny.add(revisions=2)
    (generated / "revisions/tiny_0002.sqlite.sql").write_text("DELETE FROM tiny_thing;\n")
    reopen()
    with pytest.raises(errors.ForeignKeyViolation, match="would leave 1 rows pointing to nothing, the first in part") as caught:
        migrate.deploy()
    assert caught.value.table == "part"
    with reopen().reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM tiny_thing").scalar() == 1


def test_processes_at_once_migrate_once(tiny, project: Path, place: str | None) -> None:
    lamindb_setup.init(modules="tiny", db=place)
    lamindb_setup.testing.forget_everything()
    tiny.add(revisions=3)
    import subprocess
    import sys

    code = "from lamindb_setup import migrate; print(migrate.deploy())"
    processes = [
        subprocess.Popen([sys.executable, "-c", code], cwd=project, env=tiny.environment(), stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    results = [process.communicate()[0].strip() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0]
    assert results.count("['tiny_0002', 'tiny_0003']") == 1
    assert results.count("[]") == 2
    assert bookkept(reopen())[0] == ["tiny_0003"]
