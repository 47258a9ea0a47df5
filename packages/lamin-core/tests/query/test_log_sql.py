"""`ln.settings.log_sql`: statements with time, rows and parameters, on both databases; nothing while it is off."""

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.errors import InvalidArgument

LINE = re.compile(r"\[\d+\.\d ms, (\d[\d,]* rows?|done|failed)\] (.+)")


@pytest.fixture(autouse=True)
def off_again() -> Iterator[None]:
    yield
    ln.settings.log_sql = False


def said(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    """Rows and statement of each line."""
    found = [LINE.fullmatch(line) for line in capsys.readouterr().err.splitlines()]
    assert None not in found
    return [(match[1], match[2]) for match in found if match]


def test_statements_are_told_with_rows_and_parameters(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    ln.save([ln.ULabel(name=f"label {number}") for number in range(3)])
    assert ln.settings.log_sql is False
    assert capsys.readouterr().err == ""
    ln.settings.log_sql = True
    assert ln.settings.log_sql is True
    assert len(ln.ULabel.filter(name__startswith="label")) == 3
    ((rows, statement),) = said(capsys)
    assert rows == "3 rows"
    assert "FROM lamindb_ulabel WHERE" in statement
    assert statement.partition(" -- ")[2]
    ln.ULabel.filter().count()
    assert [rows for rows, _ in said(capsys)] == ["1 row"]
    assert ln.ULabel.filter(name="nothing").first() is None
    assert [rows for rows, _ in said(capsys)] == ["0 rows"]


def test_writing_is_told_too(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    ln.settings.log_sql = True
    label = ln.ULabel(name="a").save()
    assert any("INSERT INTO lamindb_ulabel" in statement for _, statement in said(capsys))
    label.description = "b"
    label.save()
    assert ("1 row" in rows for rows, statement in said(capsys) if statement.startswith("UPDATE"))
    label.delete(permanent=True)
    assert any(statement.startswith("DELETE FROM lamindb_ulabel") for _, statement in said(capsys))


def test_as_many_are_told_as_are_sent(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    ln.settings.log_sql = True
    with QueryLog(database) as sent:
        label = ln.ULabel(name="a").save()
        label.describe(return_str=True)
        ln.save([ln.ULabel(name=f"label {number}") for number in range(100)])
        label.delete(permanent=True)
    told = [statement for _, statement in said(capsys) if not statement.startswith("BEGIN")]
    assert len(told) == len(sent) > 5


def test_off_means_that_no_engine_is_listened_to(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    ln.ULabel.filter().count()
    assert listeners(database) == 0
    ln.settings.log_sql = True
    ln.settings.log_sql = True
    ln.ULabel.filter().count()
    assert len(said(capsys)) == 1
    assert listeners(database) == 2
    ln.settings.log_sql = False
    ln.settings.log_sql = False
    assert listeners(database) == 0
    ln.ULabel.filter().count()
    assert capsys.readouterr().err == ""


def listeners(database: Database) -> int:
    dispatch = database.engine.dispatch
    return len(list(dispatch.before_cursor_execute)) + len(list(dispatch.after_cursor_execute))


def test_databases_that_are_opened_later_are_told(
    database: Database, other_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    assert other_database.instance.folder is not None
    ln.settings.log_sql = True
    handle = ln.DB(str(other_database.instance.folder))
    handle.ULabel.filter().count()
    assert any("lamindb_ulabel" in statement for _, statement in said(capsys))


def test_what_is_long_or_secret_is_left_out(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    ln.settings.log_sql = True
    url = "postgresql://me:verysecret@host/db"
    ln.ULabel.filter(description=url).count()
    ln.ULabel.filter(description="x" * 10_000).count()
    ln.ULabel.filter(id__in=list(range(5_000))).count()
    ln.ULabel.filter(description="two\nlines").count()
    lines = said(capsys)
    assert len(lines) == 4
    assert all(len(statement) < 2_000 for _, statement in lines)
    assert "verysecret" not in str(lines)
    assert "postgresql://me:***@host/db" in lines[0][1]
    assert "(10,000 characters)" in lines[1][1]


def test_failures_are_told(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    ln.settings.log_sql = True
    with database.reading() as connection, pytest.raises(ln.errors.DatabaseError):
        connection.execute(sa.text("SELECT nothing FROM nowhere"))
    assert said(capsys) == [("failed", "SELECT nothing FROM nowhere")]


def test_threads_do_not_mix_their_lines(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    ln.settings.log_sql = True

    def count() -> None:
        for _ in range(20):
            ln.ULabel.filter(name="a").count()

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [rows for rows, statement in said(capsys) if "count(*)" in statement] == ["1 row"] * 80


def test_batches_are_told_once(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    ln.save([ln.ULabel(name=f"label {number}") for number in range(30)])
    ln.settings.log_sql = True
    assert sum(len(batch) for batch in ln.ULabel.filter().iter_batches(10)) == 30
    rows = [int(rows.split()[0]) for rows, statement in said(capsys) if "FROM lamindb_ulabel" in statement]
    assert rows == [1, 10, 10, 10]  # the first counts


@pytest.mark.parametrize("value", ["yes", 1, None])
def test_other_values_are_refused(value: Any) -> None:
    with pytest.raises(InvalidArgument, match="log_sql must be True or False, not"):
        ln.settings.log_sql = value
    assert ln.settings.log_sql is False
