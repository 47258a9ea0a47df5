"""The locks that tell other processes that we have a SQLite file open."""

import subprocess
import sys
from pathlib import Path

import lamindb_setup

WRITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("CREATE TABLE noted (x)")
connection.commit()
connection.close()
"""


def test_another_process_that_closes_the_file_leaves_our_wal_alone(project: Path) -> None:
    """It deletes the WAL if it is the last one to have the file open: what we write into a deleted WAL is lost."""
    lamindb_setup.init(storage="./storage")
    database = lamindb_setup.current()
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql("CREATE TABLE ours (x)")
    assert database.url.path is not None
    wal = database.url.path.with_name("lamin.db-wal")
    inode = wal.stat().st_ino
    subprocess.run([sys.executable, "-c", WRITE, str(database.url.path)], check=True)
    assert wal.stat().st_ino == inode
    with database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name IN ('ours', 'noted')").scalar() == 2
