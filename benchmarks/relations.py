"""Labels of artifacts by the thousand, on SQLite and Postgres, against one statement of the bare driver."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from instances import counted
from measuring import Figure, in_turns
from writing import Bare, databases

MANY = 10_000
LINKS = (
    "INSERT INTO lamindb_artifactulabel (artifact_id, ulabel_id, created_by_id) SELECT a.id, u.id, 1 "
    "FROM lamindb_artifact a CROSS JOIN lamindb_ulabel u WHERE {one} ON CONFLICT DO NOTHING"
)
TARGET, MOST_SECONDS, MOST_STATEMENTS = "≤ 0.5 s, ≤ {} statements", 0.5, 4


def figures(runs: int) -> Iterator[Figure]:
    for ln, where, _, bare in databases():
        yield from _measure(ln, where, bare)


def rows(columns: str, values: str) -> str:
    """Return an INSERT of `MANY` artifacts, numbered `n`: rows without bytes, as only their links are measured."""
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {MANY})"
    return f"{numbers} INSERT INTO lamindb_artifact ({columns}) SELECT {values} FROM numbers"


ARTIFACTS = rows(
    "uid, key, storage_id, suffix, _hash_type, _key_is_virtual, _overwrite_versions, is_latest, created_by_id, branch_id, "
    "created_on_id, space_id, is_locked",
    "substr('bench000000000000000', 1, 20 - length('' || n)) || n, 'bench/' || n, 1, '', 'md5', TRUE, FALSE, TRUE, 1, 1, 1, 1, "
    "FALSE",
)


def _measure(ln: Any, where: str, bare: Bare) -> Iterator[Figure]:
    import lamindb_setup

    labels = [ln.ULabel(name=f"label {number}") for number in range(MANY)]
    ln.save(labels)
    bare.insert([(f"l{number:07d}", f"label {number}") for number in range(MANY)])
    bare.execute(ARTIFACTS)
    with lamindb_setup.current().writing() as transaction:
        transaction.connection.exec_driver_sql(ARTIFACTS)
    artifacts = ln.Artifact.filter().to_list()
    names = [label.name for label in labels]

    def of_artifact(number: int) -> None:
        bare.execute(LINKS.format(one=f"a.key = 'bench/{number}'"))

    def of_label(number: int) -> None:
        bare.execute(LINKS.format(one=f"u.name = 'label {number}'"))

    def figure(
        what: str, begin: int, mine: Callable[[int], object], driver: Callable[[int], object], most: int = MOST_STATEMENTS
    ) -> Figure:
        samples = in_turns(lambda number: mine(begin + number), lambda number: driver(begin + number), 5)
        statements = counted(lambda: mine(begin + 5))
        seconds, baseline = samples.seconds, samples.baseline_seconds
        reached = seconds <= MOST_SECONDS and statements <= most
        named = f"{what}, {where}"
        return Figure(named, seconds, "INSERT … SELECT … ON CONFLICT", baseline, TARGET.format(most), reached, statements)

    every = f"{MANY:,} of them"
    yield figure(f"`artifact.ulabels.add(*labels)`, {every}", 10, lambda n: artifacts[n].ulabels.add(*labels), of_artifact)
    yield figure("the same, all being there", 10, lambda n: artifacts[n].ulabels.add(*labels), of_artifact)
    yield figure(f"`artifact.ulabels.set(names)`, {every}", 30, lambda n: artifacts[n].ulabels.set(names), of_artifact, 5)
    yield figure(f"`label.artifacts.add(*artifacts)`, {every}", 50, lambda n: labels[n].artifacts.add(*artifacts), of_label)
    rows = ln.Artifact.filter()
    yield figure(f"`label.artifacts.add(queryset)`, {every}", 70, lambda n: labels[n].artifacts.add(rows.all()), of_label)
