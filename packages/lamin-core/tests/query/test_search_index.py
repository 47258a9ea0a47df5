"""The index of names is kept by the database, whoever writes; searches use it, and older databases do without."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

import lamindb_setup
import pytest
import sqlalchemy as sa
from lamindb_setup.databases import bookkeeping

import lamindb as ln
from lamindb import catalog
from lamindb.query import search_patterns as patterns
from lamindb.query.search_candidates import Candidates, has_index, of_registry

COLUMNS = "uid, name, description, is_type, is_locked, branch_id, created_on_id, space_id, created_by_id"


def execute(database, *statements):
    """Write past all code of ours."""
    with database.engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.commit()


def insert(uid, name, description="NULL"):
    return f"INSERT INTO lamindb_ulabel ({COLUMNS}) VALUES ('{uid}', '{name}', {description}, false, false, 1, 1, 1, 1)"


def found(text):
    return ln.ULabel.search(text).to_list("name")


def indexed(database, text):
    """The ids that the index itself finds on SQLite, whatever the table holds."""
    query = f"SELECT rowid FROM lamindb_ulabel_search WHERE lamindb_ulabel_search MATCH '\"{text}\"'"
    with database.reading() as connection:
        return sorted(connection.exec_driver_sql(query).scalars())


# ---- any writer --------------------------------------------------------------------------------------------------------------
def test_rows_of_other_programs_are_found(database):
    execute(database, insert("a0000000", "lymphocyte"), insert("a0000001", "other", "'of the spleen'"))
    assert found("lymphocite") == ["lymphocyte"]
    assert found("spleen") == ["other"]


def test_changes_of_other_programs_are_found(database):
    ln.save([ln.ULabel(name="lymphocyte"), ln.ULabel(name="monocyte", description="of the spleen")])
    execute(
        database,
        "UPDATE lamindb_ulabel SET name = 'erythrocyte' WHERE name = 'lymphocyte'",
        "UPDATE lamindb_ulabel SET description = NULL WHERE name = 'monocyte'",
    )
    assert (found("lymphocyte"), found("erythrocyte"), found("spleen")) == ([], ["erythrocyte"], [])
    execute(database, "DELETE FROM lamindb_ulabel WHERE name = 'erythrocyte'", insert("a0000000", "spleen"))
    assert (found("erythrocyte"), found("spleen")) == ([], ["spleen"])


def test_what_was_rolled_back_is_not_found(database):
    ln.ULabel(name="lymphocyte").save()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if database.dialect == "sqlite" else "BEGIN")
        connection.exec_driver_sql(insert("a0000000", "monocyte"))
        connection.exec_driver_sql("UPDATE lamindb_ulabel SET name = 'gone' WHERE name = 'lymphocyte'")
        connection.exec_driver_sql("ROLLBACK")
    with contextlib.suppress(ZeroDivisionError), ln.transaction():
        ln.ULabel(name="granulocyte").save()
        raise ZeroDivisionError
    assert (found("monocyte"), found("granulocyte"), found("gone")) == ([], [], [])
    assert found("lymphocyte") == ["lymphocyte"]


def test_records_that_are_renamed_and_deleted(database):
    label = ln.ULabel(name="lymphocyte").save()
    label.name = "monocyte"
    label.save()
    assert (found("lymphocyte"), found("monocyte")) == ([], ["monocyte"])
    label.delete(permanent=True)
    assert found("monocyte") == []


@pytest.mark.parametrize("make", ["sqlite"], indirect=True)
def test_the_index_has_no_more_than_the_rows(database):
    ln.save([ln.ULabel(name=name) for name in ("lymphocyte", "monocyte", "granulocyte")])
    execute(
        database,
        "UPDATE lamindb_ulabel SET name = 'spleen' WHERE id = 2",
        "UPDATE lamindb_ulabel SET id = 9 WHERE id = 3",
        "DELETE FROM lamindb_ulabel WHERE id = 1",
        f"INSERT OR REPLACE INTO lamindb_ulabel (id, {COLUMNS}) VALUES (2, 'b0000000', 'liver', NULL, 0, 0, 1, 1, 1, 1)",
        "UPDATE lamindb_ulabel SET branch_id = -1",  # not among what is watched
    )
    assert (indexed(database, "mph"), indexed(database, "gra"), indexed(database, "liv")) == ([], [9], [2])
    with database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT id, name, description FROM lamindb_ulabel").all()
    for row_id, name, _ in rows:
        assert row_id in indexed(database, name[:3])


WRITER = """
import sys, lamindb as ln
lamindb_setup = __import__("lamindb_setup")
lamindb_setup.connect(sys.argv[1])
for number in range(20):
    ln.save([ln.ULabel(name=f"{sys.argv[2]} cell {number} {inner}") for inner in range(5)])
"""


def test_two_writers_at_once(database, tmp_path):
    folder = str(tmp_path / "project")
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, folder, name]) for name in ("left", "right")]
    while any(writer.poll() is None for writer in writers):
        names = ln.ULabel.search("cell", limit=None).to_list("name")
        assert all("cell" in name for name in names)
    assert [writer.returncode for writer in writers] == [0, 0]
    assert len(ln.ULabel.search("cell", limit=None).to_list()) == 200
    assert len(ln.ULabel.search("left cell", limit=None).to_list()) == 100


# ---- plans -------------------------------------------------------------------------------------------------------------------
QUESTIONS = [
    ("names", patterns.phrase("cell 99")),
    ("names", patterns.phrase("ly", starts=True)),
    ("names", patterns.words("cell 99 of")),
    ("names", patterns.typos("lymphocite")),
    ("texts", patterns.phrase("spleen")),
]


def plan(database, select):
    compiled = select.compile(database.engine, compile_kwargs={"literal_binds": True})
    words = "EXPLAIN QUERY PLAN" if database.dialect == "sqlite" else "EXPLAIN"
    with database.reading() as connection:
        return [str(row[-1]) for row in connection.exec_driver_sql(f"{words} {compiled}")]


@pytest.mark.parametrize(("kind", "pattern"), QUESTIONS)
def test_plans_use_the_index(filled, kind, pattern):
    candidates = Candidates(ln.ULabel.filter()._statements(), of_registry("lamindb.ULabel", None), case_sensitive=False)
    steps = plan(filled, candidates.matching(kind, pattern, 1000))
    if filled.dialect == "sqlite":
        index = "lamindb_ulabel_search" if kind == "names" else "lamindb_ulabel_search_texts"
        assert steps[0].startswith(f"SCAN {index} VIRTUAL TABLE INDEX"), steps
        assert steps[1] == "SEARCH lamindb_ulabel USING INTEGER PRIMARY KEY (rowid=?)"
        assert len(steps) == 2
    else:
        index = "lamindb_ulabel_search" if kind == "names" else "lamindb_ulabel_search_texts"
        assert any(f"Index Scan on {index} " in step for step in steps), steps
        assert not any("Seq Scan" in step for step in steps), steps


@pytest.fixture
def filled(database):
    """So many labels that no database would read all."""
    text = "CASE WHEN {n} % 200 = 0 THEN 'lymphocyte' ELSE 'thing' END || ' cell ' || {n} || ' of kind ' || ({n} % 977)"
    series = (
        "SELECT {v} FROM generate_series(1, 20000) AS n"
        if database.dialect == "postgresql"
        else ("WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 20000) SELECT {v} FROM s")
    )
    uid = "lpad(n::text, 8, '0')" if database.dialect == "postgresql" else "printf('%08d', n)"
    values = f"{uid}, {text.format(n='n')}, CASE WHEN n % 9 = 0 THEN 'of the spleen ' || n END, false, false, 1, 1, 1, 1"
    with database.engine.connect() as connection:
        connection.execute(sa.text(f"INSERT INTO lamindb_ulabel ({COLUMNS}) " + series.format(v=values.replace(":", "\\:"))))
        connection.commit()
    if database.dialect == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE lamindb_ulabel")
    return database


# ---- databases without the index ---------------------------------------------------------------------------------------------
@pytest.fixture
def older(database):
    """A database of revision 1."""
    names = [entry["table"] for entry in catalog.entries().values() if entry.get("search")]
    if database.dialect == "sqlite":
        with database.reading() as connection:
            master = (
                "SELECT type, name FROM sqlite_master WHERE type = 'trigger' OR sql LIKE 'CREATE VIRTUAL%' ORDER BY type DESC"
            )
            drop = [f"DROP {kind} {name}" for kind, name in connection.exec_driver_sql(master.replace("%", "%%"))]
    else:
        drop = [f"DROP INDEX IF EXISTS {name}_search{end}" for name in names for end in ("", "_texts")]
        drop += ["DROP EXTENSION pg_trgm"]
    drop += [
        "UPDATE lamin_revision SET version_num = 'lamindb_0001' WHERE version_num = 'lamindb_0002'",
        "UPDATE lamin_module SET revision = 'lamindb_0001' WHERE name = 'lamindb'",
        "DELETE FROM lamin_applied WHERE revision = 'lamindb_0002'",
    ]
    with database.engine.connect() as connection:
        for statement in drop:
            connection.exec_driver_sql(statement)
        connection.commit()
        database.contents = bookkeeping.read(connection)
    assert not has_index(database, "lamindb.ULabel")
    engine = database.engine
    yield database
    if database.dialect == "postgresql":  # the tests of this process share it
        script = Path(ln.__file__).parent / "_registries/revisions/lamindb_0002.postgresql.sql"
        with engine.connect() as connection:
            for statement in drop[: 2 * len(names)]:
                connection.exec_driver_sql(statement)
            connection.connection.cursor().execute(script.read_text())
            connection.exec_driver_sql("UPDATE lamin_revision SET version_num = 'lamindb_0002'")
            connection.exec_driver_sql("UPDATE lamin_module SET revision = 'lamindb_0002'")
            connection.commit()
        engine.dispose()


CASES = ["lymphocyte", "lymphocite", "cell gamma", "gamma-dleta", "CELL", "spleen", "β", "t", "100%", '"', "a AND b", "qwertz"]


def test_without_an_index_the_same_is_found(older):
    names = ("lymphocyte", "gamma-delta T cell", "cell", "CELL line", "Βήτα", "100%", 'x"y')
    ln.save([ln.ULabel(name=name) for name in names])
    ln.ULabel(name="organ", description="The spleen").save()
    before = {text: found(text) for text in CASES}
    assert before["lymphocite"] == ["lymphocyte"]
    assert before["cell gamma"] == ["gamma-delta T cell"]
    assert before["spleen"] == ["organ"]
    assert ln.setup.migrate.deploy(backup=False) == ["lamindb_0002"]
    database = lamindb_setup.current()
    try:
        assert has_index(database, "lamindb.ULabel")
        assert {text: found(text) for text in CASES} == before
        if database.dialect == "sqlite":
            assert indexed(database, "lym") == [1]
        ln.ULabel(name="later lymphocyte").save()
        assert found("lymphocyte") == ["lymphocyte", "later lymphocyte"]
    finally:
        database.close()
