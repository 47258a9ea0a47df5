"""Reading a million artifacts with five million labels, on SQLite and Postgres, against the bare driver on the same rows.

`LAMIN_BENCH_ARTIFACTS=20000` makes it short. There are no statistics, as after a bulk load;
on Postgres then those of ANALYZE.
"""

from __future__ import annotations

import os
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import instances
import millions
from instances import counted, scratch
from measuring import Figure, Samples, in_turns
from millions import FIRST, SELDOM, TYPE

ARTIFACTS = int(os.environ.get("LAMIN_BENCH_ARTIFACTS", "1000000"))
ROWS, MEGABYTES = 10_000, 300
LINKS = "EXISTS (SELECT 1 FROM lamindb_artifact{0} l WHERE l.artifact_id = a.id AND l.{0}_id = {1} AND l.feature_id IS NULL)"
WALK = (
    "WITH RECURSIVE r(id) AS (SELECT {0} FROM lamindb_ulabel_parents WHERE {1} = {2} "
    "UNION SELECT p.{0} FROM r JOIN lamindb_ulabel_parents p ON p.{1} = r.id) "
    "SELECT name FROM lamindb_ulabel WHERE id IN (SELECT id FROM r) ORDER BY id"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A database that is measured."""

    ln: Any
    name: str
    execute: millions.Execute

    @property
    def is_sqlite(self) -> bool:
        return self.name == "SQLite"

    @property
    def is_fresh(self) -> bool:
        """Whether Postgres has no statistics of the rows."""
        return self.name.endswith("no statistics")


def figures(runs: int) -> Iterator[Figure]:
    from lamindb_setup.testing import run_postgres

    with scratch() as (ln, folder):
        instances.sqlite(ln, folder).close()
        driver = instances.connection(folder / "mine")
        yield from _measure(Place(ln, "SQLite", lambda statement: driver.execute(statement).fetchall()), runs)
    with scratch() as (ln, folder), run_postgres(shared_buffers="1GB", work_mem="16MB") as server:
        url = server.url(server.create())
        ln.setup.init(storage="./storage", db=url, folder=_made(folder / "mine"))
        execute = _postgres(url)
        yield from _measure(Place(ln, "Postgres, no statistics", execute), runs)
        execute("ANALYZE")
        yield from _all(Place(ln, "Postgres", execute), runs)


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _postgres(url: str) -> millions.Execute:
    import psycopg

    driver = psycopg.connect(url, autocommit=True, prepare_threshold=None)  # as lamin connects

    def execute(statement: str) -> list[tuple[Any, ...]]:
        cursor = driver.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []

    return execute


def _measure(place: Place, runs: int) -> Iterator[Figure]:
    millions.fill(place.execute, "sqlite" if place.is_sqlite else "postgresql", ARTIFACTS)
    yield from _all(place, runs)


def _all(place: Place, runs: int) -> Iterator[Figure]:
    yield from _one(place, runs)
    yield from _filters(place, runs)
    yield _frame(place)
    yield _batches(place)
    yield _lookup(place)
    yield from _walks(place)


def _figure(
    place: Place,
    what: str,
    samples: Samples,
    baseline: str,
    target: str,
    reached: bool,
    call: Callable[[], object] | None = None,
    most: int | None = None,
) -> Figure:
    number = counted(call) if call is not None else None
    reached = reached and (most is None or (number is not None and number <= most))
    return Figure(f"{what}, {place.name}", samples.seconds, baseline, samples.baseline_seconds, target, reached, number)


def _one(place: Place, runs: int) -> Iterator[Figure]:
    artifact, label = place.ln.Artifact, place.ln.ULabel
    uid: Callable[[int], str] = lambda number: f"{(number + 2) * 97:016}0000"  # noqa: E731  # a name would be longer
    name: Callable[[int], str] = lambda number: f"label {FIRST + (number + 2) * 97}"  # noqa: E731  # as above
    for what, table, column, value, get in (
        ("Artifact.get(uid)", "artifact", "uid", uid, lambda number: artifact.get(uid(number))),
        ("ULabel.get(name=)", "ulabel", "name", name, lambda number: label.get(name=name(number))),
    ):
        query = f"SELECT * FROM lamindb_{table} WHERE {column} = '{{}}'"
        samples = in_turns(
            get,
            lambda number, query=query, value=value: place.execute(query.format(value(number))),  # type: ignore[misc]
            min(runs * 10, ARTIFACTS // 200),
        )
        yield _figure(
            place,
            f"`{what}` of {ARTIFACTS:,}",
            samples,
            "bare SELECT",
            "≤ 0.8 ms on SQLite, 1 statement",
            samples.seconds <= 0.0008 or not place.is_sqlite,
            lambda get=get: get(1),  # type: ignore[misc]  # mypy infers no type for a default
            1,
        )


def _filters(place: Place, runs: int) -> Iterator[Figure]:
    rows = place.ln.Artifact.filter

    def figure(what: str, mine: Callable[[int], object], links: Sequence[str], rare: bool) -> Figure:
        first = f"a.id IN (SELECT artifact_id FROM lamindb_artifactulabel WHERE ulabel_id = {SELDOM})" if rare else links[0]
        query = f"SELECT a.* FROM lamindb_artifact a WHERE {first} AND {links[1]} AND a.branch_id = 1 ORDER BY a.id LIMIT 100"
        baseline = "hand-written SQL that knows ids and numbers"
        if place.is_fresh:  # the hand-written statement takes seconds without statistics
            query, baseline = "SELECT a.* FROM lamindb_artifact a ORDER BY a.id LIMIT 100", "the first 100 artifacts"
        samples = in_turns(mine, lambda number: place.execute(query), max(runs, 30))  # of ten, p90 is the slowest
        late = statistics.quantiles(samples.mine, n=10)[-1]
        reached = late <= 0.025 if rare else samples.seconds <= 3 * samples.baseline_seconds
        target = "≤ 25 ms p90" if rare else "≤ 3 x"
        return _figure(
            place,
            f"{what}, 100 rows, p90 {1000 * late:.1f} ms",
            samples,
            baseline,
            target,
            reached,
            lambda: mine(1),
            2,
        )

    often, too, project = LINKS.format("ulabel", 2), LINKS.format("ulabel", 3), LINKS.format("project", 1)
    yield figure(
        "`filter(ulabels__name=, projects__name=)`, a label on a thousandth",
        lambda _: rows(ulabels__name="seldom", projects__name="project 1")[:100].to_list(),
        ("", project),
        rare=True,
    )
    yield figure(
        "`filter(ulabels__name=).filter(ulabels__name=)`, a label on 30 % and one on a thousandth",
        lambda _: rows(ulabels__name="often").filter(ulabels__name="seldom")[:100].to_list(),
        ("", often),
        rare=True,
    )
    if place.is_fresh:
        return
    yield figure(
        "`filter(ulabels__name=, projects__name=)`, 30 and 28 % of artifacts",
        lambda _: rows(ulabels__name="often", projects__name="project 1")[:100].to_list(),
        (often, project),
        rare=False,
    )
    yield figure(
        "`filter(ulabels__name=).filter(ulabels__name=)`, 30 and 25 % of artifacts",
        lambda _: rows(ulabels__name="often").filter(ulabels__name="often too")[:100].to_list(),
        (often, too),
        rare=False,
    )


def _frame(place: Place) -> Figure:
    chosen = place.ln.Artifact.filter(id__lte=ROWS)
    include = ["ulabels__name", "projects__name", "created_by__handle"]
    query = (
        "SELECT a.id, u.name FROM lamindb_artifact a JOIN lamindb_artifactulabel l ON l.artifact_id = a.id "
        f"JOIN lamindb_ulabel u ON u.id = l.ulabel_id WHERE a.id <= {ROWS}"
    )

    def mine(_: int) -> None:
        chosen.to_dataframe(include=include, limit=None)

    samples = in_turns(mine, lambda _: place.execute(query), 5)
    what = f"`to_dataframe(include=[3 relations])` of {min(ROWS, ARTIFACTS):,}"
    return _figure(
        place, what, samples, "bare JOIN of labels", "≤ 0.6 s, ≤ 5 statements", samples.seconds <= 0.6, lambda: mine(1), 5
    )


def _batches(place: Place) -> Figure:
    step = 10_000
    columns = place.ln.Artifact.filter(id=1).to_dataframe(limit=None).columns
    query = f"SELECT id, {', '.join(columns)} FROM lamindb_artifact WHERE id > {{}} AND id <= {{}} ORDER BY id"

    def driver(_: int) -> None:
        for start in range(0, ARTIFACTS, step):
            list(zip(*place.execute(query.format(start, start + step)), strict=True))

    def mine(_: int) -> None:
        for _batch in place.ln.Artifact.filter().iter_batches():
            pass

    before = time.process_time()
    mine(0)
    busy = time.process_time() - before
    samples = in_turns(mine, driver, 1, warm_up=0)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    a_second = ARTIFACTS / samples.seconds
    return _figure(
        place,
        f"`iter_batches()` of {ARTIFACTS:,}: {a_second:,.0f} rows a second, {ARTIFACTS / busy:,.0f} a second of CPU, "
        f"{memory:.0f} MB",
        samples,
        "bare SELECTs of the same columns",
        f"≥ 100,000 rows a second, ≤ {MEGABYTES} MB",
        a_second >= 100_000 and memory <= MEGABYTES,
    )


def _lookup(place: Place) -> Figure:
    names = place.ln.ULabel.filter(type_id=TYPE)

    def mine(_: int) -> None:
        getattr(names.lookup(), f"label_{FIRST + 7}")

    query = f"SELECT name FROM lamindb_ulabel WHERE type_id = {TYPE} ORDER BY id"
    samples = in_turns(mine, lambda _: place.execute(query), 5)
    what = f"`lookup()` of {ARTIFACTS // 10:,} names, and one of them"
    return _figure(place, what, samples, "bare SELECT of the names", "≤ 0.3 s", samples.seconds <= 0.3, lambda: mine(1))


def _walks(place: Place) -> Iterator[Figure]:
    terms = min(millions.TERMS, ARTIFACTS // 2)
    root, leaf = place.ln.ULabel.get(FIRST + 1), place.ln.ULabel.get(FIRST + terms)
    for what, record, query in (
        ("query_children", root, WALK.format("from_ulabel_id", "to_ulabel_id", root.id)),
        ("query_parents", leaf, WALK.format("to_ulabel_id", "from_ulabel_id", leaf.id)),
    ):
        walk = getattr(record, what)

        def mine(_: int, walk: Callable[[], Any] = walk) -> list[str]:
            names: list[str] = walk().to_list("name")
            return names

        found = len(mine(0))
        samples = in_turns(mine, lambda _, query=query: place.execute(query), 9)  # type: ignore[misc]
        reached = samples.seconds <= 1.5 * samples.baseline_seconds and (samples.seconds <= 0.15 or not place.is_sqlite)
        title = f"`{what}()`, {found:,} of {terms:,} terms, names"
        target = "≤ 1.5 x, ≤ 0.15 s on SQLite, 1 statement"
        yield _figure(place, title, samples, "bare recursive CTE", target, reached, lambda mine=mine: mine(1), 1)  # type: ignore[misc]
