"""What lies in a storage, compared with what the database says."""

from pathlib import Path

import sqlalchemy as sa
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.artifacts.hashing import hash_file
from lamindb.artifacts.locating import relative_path

NOT_OBJECTS = ("lamin.db", "storage_uid.txt")


def objects(root: Path) -> list[str]:
    """Names of all files that lamin keeps in a storage, those on their way included."""
    home = root / ".lamindb"
    found = [path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_file()]
    return sorted(name for name in found if not name.startswith(NOT_OBJECTS))


def check_consistent(database: Database, root: Path) -> list[str]:
    """Check that every row has the bytes it says, and every object a row; returns the uids."""
    table = ln.Artifact.__table__
    with database.reading() as connection:
        rows = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
    ours = [row for row in rows if relative_path(row).startswith(".lamindb/")]
    there, expected = objects(root), sorted(relative_path(row).removeprefix(".lamindb/") for row in ours)
    assert there == expected, f"too many: {sorted(set(there) - set(expected))}, lacking: {sorted(set(expected) - set(there))}"
    for row in rows:
        found = hash_file(root / relative_path(row))[0]
        assert (found.value, found.type, found.size) == (row["hash"], row["_hash_type"], row["size"]), row["uid"]
    heads = [(row["uid"][:16], row["branch_id"]) for row in rows if row["is_latest"]]
    assert len(heads) == len(set(heads)), "two heads in a family"
    live_keys = [(row["key"], row["storage_id"]) for row in rows if row["is_latest"] and row["branch_id"] == 1 and row["key"]]
    assert len(live_keys) == len(set(live_keys)), "two families with one key"
    return sorted(row["uid"] for row in rows)
