"""SQLite has no statistics of its rows: whatever asks for a name must be answered by the index of names."""

from __future__ import annotations

import pytest

from lamindb.query.scope import Scope


def plan(rows):
    statements = rows._statements()
    select = statements.unsorted(statements.everything())
    compiled = select.compile(rows.database.engine, compile_kwargs={"render_postcompile": True})
    with rows.database.reading() as connection:
        values = tuple(compiled.params[name] for name in compiled.positiontup)
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values)
        return [row[3] for row in found]


@pytest.mark.parametrize(
    ("registry", "lookups", "index"),
    [
        ("ULabel", {"name": "alpha"}, "lamindb_ulabel_name_idx (name=?)"),
        ("ULabel", {"name": "alpha", "type": 1}, "lamindb_ulabel_name_idx (name=?)"),
        ("ULabel", {"name": "alpha", "is_type": True}, "lamindb_ulabel_name_idx (name=?)"),
        ("ULabel", {"name__startswith": "al", "type": 1}, "lamindb_ulabel_name_idx (name>? AND name<?)"),
        ("ULabel", {"name__in": ["a", "b"], "created_by": 1}, "lamindb_ulabel_name_idx (name=?)"),
        ("ULabel", {"uid__startswith": "0000"}, "sqlite_autoindex_lamindb_ulabel_1 (uid>? AND uid<?)"),
        ("ULabel", {"type": 1, "is_type": False}, "lamindb_ulabel_type_id_idx (type_id=?)"),
        ("ULabel", {"is_type": True}, "lamindb_ulabel_is_type_idx (is_type=?)"),
        ("Artifact", {"key": "x", "is_latest": True, "kind": "dataset"}, "lamindb_artifact_key_idx (key=?)"),
        ("Artifact", {"hash": "x", "suffix": ".h5ad"}, "lamindb_artifact_hash_idx (hash=?)"),
        ("Artifact", {"run": 1, "is_latest": True}, "lamindb_artifact_run_id_idx (run_id=?)"),
        ("Artifact", {}, "lamindb_artifact_branch_id_idx (branch_id=?)"),
    ],
)
@pytest.mark.parametrize("world_database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("scope", [Scope(("main",)), Scope(("contrib", "main"))])
def test_index(rows_of, registry, lookups, index, scope):
    found = plan(rows_of(registry, scope).filter(**lookups))
    assert found[0] == f"SEARCH lamindb_{registry.lower()} USING INDEX {index}"


@pytest.mark.parametrize("world_database", ["sqlite"], indirect=True)
def test_related_rows_are_looked_up_from_the_far_side(rows_of):
    found = plan(rows_of("Artifact").filter(ulabels__name="alpha", ulabels__type=1))
    assert not any(step.startswith("SCAN") for step in found)
    assert any("lamindb_ulabel_name_idx (name=?)" in step for step in found)
