"""The status of runs moves along legal ways only."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb import catalog
from lamindb.errors import FieldValidationError, IllegalTransition, InvalidArgument
from lamindb.lineage.status import LEGAL, NAMES, Status, move

ALLOWED = {
    *[("scheduled", "started"), ("scheduled", "aborted")],
    *itertools.product(("started", "restarted"), ("completed", "errored", "aborted", "restarted")),
    *[(before, "restarted") for before in ("completed", "errored", "aborted")],
}


def run_of(status: str) -> Any:
    """A stored run of some status."""
    run = ln.Run(ln.Transform(key="t").save(), status="scheduled").save()
    table = catalog.registry("lamindb.Run").__table__
    assert run.database is not None
    with run.database.writing() as transaction:
        finished = datetime.now(UTC) if NAMES[status] >= 0 else None
        change = table.update().where(table.c.id == run.id)
        transaction.connection.execute(change.values(_status_code=NAMES[status], finished_at=finished))
    return ln.Run.get(run.uid)


def test_the_numbers_are_those_of_existing_databases() -> None:
    assert NAMES == {"scheduled": -3, "restarted": -2, "started": -1, "completed": 0, "errored": 1, "aborted": 2}
    assert set(LEGAL) == set(Status)


@pytest.mark.parametrize(("before", "after"), list(itertools.permutations(NAMES, 2)))
def test_a_status_changes_if_that_is_legal(database: Database, before: str, after: str) -> None:
    """By the one statement that changes it, and by hand."""
    by_hand, moved = run_of(before), run_of(before)
    table = catalog.registry("lamindb.Run").__table__
    now = datetime.now(UTC) + timedelta(seconds=5)
    with database.writing() as transaction:
        changed = move(transaction.connection, table, [moved.id], Status[after], now)
    by_hand._status_code = NAMES[after]
    if (before, after) in ALLOWED:
        assert changed == [moved.id]
        by_hand.save()
    else:
        assert changed == []
        with pytest.raises(IllegalTransition, match=rf"run '{by_hand.uid}' is {before} and cannot become {after}"):
            by_hand.save()
    for uid in (moved.uid, by_hand.uid):
        run = ln.Run.get(uid)
        assert run.status == (after if (before, after) in ALLOWED else before)
        assert (run.finished_at is not None) is Status[run.status].has_ended
        assert run.finished_at is None or run.finished_at >= run.started_at or not changed


def test_the_end_goes_with_the_status(database: Database) -> None:
    run = run_of("started")
    run.finished_at = datetime.now(UTC)
    with pytest.raises(IllegalTransition, match="is started, which contradicts finished_at"):
        run.save()


def test_the_status_is_read_only(database: Database) -> None:
    run = run_of("started")
    assert run.status == "started"
    with pytest.raises(AttributeError):
        run.status = "completed"


def test_runs_are_filtered_by_the_name_of_their_status(database: Database) -> None:
    for name in NAMES:
        run_of(name)
    for name, number in NAMES.items():
        assert [run.status for run in ln.Run.filter(status=name)] == [name]
        assert [run.status for run in ln.Run.filter(status=number)] == [name]
    assert {run.status for run in ln.Run.filter(status__in=["errored", "aborted"])} == {"errored", "aborted"}
    assert ln.Run.filter(status__gte="completed").count() == 3
    assert ln.Run.filter(~ln.Q(status="errored")).count() == 5
    assert ln.Transform.filter(runs__status="errored").count() == 1
    for lookups in ({"status": "failed"}, {"status__in": ["errored", "failed"]}):
        with pytest.raises(
            ValueError, match=r"Run.status is one of scheduled, restarted, started, completed, errored, aborted, not"
        ):
            ln.Run.filter(**lookups)


def test_what_a_new_run_takes(database: Database) -> None:
    transform = ln.Transform(key="t").save()
    run = ln.Run(
        transform, name="n", params={"s": {1}, "password": "x"}, status="started", reference="r", reference_type="url"
    ).save()
    stored = ln.Run.get(run.uid)
    assert (stored.status, stored.name, stored.params) == ("started", "n", {"s": [1], "password": "***REDACTED***"})
    assert len(stored.uid) == 16
    with pytest.raises(FieldValidationError, match="status of a new run is one of scheduled, started, not 'completed'"):
        ln.Run(transform, status="completed")  # type: ignore[arg-type]  # that is the test
    with pytest.raises(TypeError, match="transform is required"):
        ln.Run()  # type: ignore[call-arg]  # that is the test
    with pytest.raises(ValueError, match="'nam' is not an argument; did you mean 'name'"):
        ln.Run(transform, nam="x")  # type: ignore[call-arg]  # that is the test
    with pytest.raises(ValueError, match="name has 151 characters"):
        ln.Run(transform, name="x" * 151)
    assert ln.Run(transform, branch=ln.Branch(name="b").save()).save().branch.name == "b"
    with pytest.raises(InvalidArgument):
        ln.Run(ln.Transform(key="unsaved")).save()
