"""`init` with the core's own tables; skipped where the core is not installed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

import lamindb_setup
import lamindb_setup.testing
from lamindb_setup import errors, modules
from lamindb_setup.databases import migrations, peer
from lamindb_setup.testing import bare_database

pytestmark = pytest.mark.skipif("lamindb" not in modules.installed(), reason="needs lamin-core")


def test_init_makes_the_first_rows(project: Path, place: str | None) -> None:
    outcome = lamindb_setup.init(db=place)
    assert outcome.instance.modules == ("lamindb",)
    profile = lamindb_setup.identity.current_profile()
    with lamindb_setup.current().reading() as connection:
        ask = lambda sql: [tuple(row) for row in connection.exec_driver_sql(sql)]  # noqa: E731
        assert ask("SELECT uid, handle FROM lamindb_user") == [(profile.uid, profile.handle)]
        assert sorted(ask("SELECT id, name FROM lamindb_branch")) == [(-1, "trash"), (0, "archive"), (1, "main")]
        assert ask("SELECT id, uid, name FROM lamindb_space") == [(1, "a" * 12, "all")]
        storage = outcome.instance.storage
        assert ask("SELECT uid, root, instance_uid FROM lamindb_storage") == [(storage.uid, storage.root, outcome.instance.uid)]
    assert lamindb_setup.init(db=place).action == "connected"


def test_init_equals_all_migrations(project: Path, tmp_path: Path) -> None:
    lamindb_setup.init()
    file = tmp_path / "migrated.db"
    file.touch()
    migrated = bare_database(f"sqlite:///{file}")
    migrations.upgrade(migrated, modules.with_requirements(["lamindb"]))
    migrated.close()
    lamindb_setup.testing.forget_everything()

    def tables(path: Path) -> set[tuple[str, str]]:
        with closing(sqlite3.connect(path)) as connection, connection:
            found = set(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
        connection.close()
        return found

    assert tables(file) == tables(project / "storage/.lamindb/lamin.db")


def test_a_database_with_exactly_the_known_migrations_is_adopted(project: Path) -> None:
    """Revision 1 has the tables of LaminDB 2.12 and its rows of django_migrations, so that it can stand for one."""
    core = modules.get("lamindb")
    assert len(peer.first_revision_migrations([core])["lamindb"]) > 15
    file = project / "storage/.lamindb/lamin.db"
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript(core.path("revisions/lamindb_0001.sqlite.sql").read_text())
    connection.close()
    outcome = lamindb_setup.init()
    assert outcome.action == "adopted"
    assert not lamindb_setup.current().read_only
    lamindb_setup.testing.forget_everything()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM django_migrations WHERE id = 1")
        for table in ("lamin_instance", "lamin_module", "lamin_revision", "lamin_applied"):
            connection.execute(f"DROP TABLE {table}")
    connection.close()
    (project / "lamin.toml").unlink()
    with pytest.raises(errors.DatabaseTooOld):
        lamindb_setup.init()


def test_the_example_of_the_readme_runs(project: Path, site) -> None:
    text = (Path(__file__).parents[1] / "README.md").read_text()
    code = text.partition("```python\n")[2].partition("```")[0]
    result = site.python(code, cwd=project)
    assert result.returncode == 0, result.stderr
    first, second, *_ = result.stdout.splitlines()
    assert first == f"created testuser/mydir in {project}"
    assert "'main'" in second
