"""Values compared with the names of records, on SQLite and Postgres, against the same in plain Python or by the bare driver."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from instances import counted
from measuring import Figure, in_turns
from writing import Bare, databases

MANY, DISTINCT, TERMS, ASKED, NEW = 1_000_000, 1_000, 30_000, 5_000, 10_000
EVERYTHING = "SELECT id, name, synonyms FROM lamindb_feature"


def figures(runs: int) -> Iterator[Figure]:
    for ln, where, _, bare in databases():
        yield from _measure(ln, where, bare)


def _measure(ln: Any, where: str, bare: Bare) -> Iterator[Figure]:
    yield _validated(ln, where)
    yield _inspected(ln, where)
    yield _from_values(ln, where, bare)


def _validated(ln: Any, where: str) -> Figure:
    ln.save([ln.ULabel(name=f"cell type {number}") for number in range(DISTINCT)])
    values = [f"cell type {2 * number}" for number in range(DISTINCT)] * (MANY // DISTINCT)
    known = {f"cell type {number}" for number in range(DISTINCT)}
    samples = in_turns(
        lambda _: ln.ULabel.validate(values, mute=True),
        lambda _: (dict.fromkeys(values), [value in known for value in values]),
        7,
    )
    statements = counted(lambda: ln.ULabel.validate(values, mute=True))
    return Figure(
        f"`validate` of {MANY:,} values, {DISTINCT:,} of them distinct, {where}",
        samples.seconds,
        "distinct values and look-ups in a Python set",
        samples.baseline_seconds,
        "≤ 0.15 s, ≤ 2 statements",
        samples.seconds <= 0.15 and statements <= 2,
        statements,
    )


def _inspected(ln: Any, where: str) -> Figure:
    import sqlalchemy as sa

    database = ln.setup.current()
    terms = [
        {
            "uid": f"f{number:011d}",
            "name": f"Cell type number {number}",
            "synonyms": "|".join(f"Alias {number} of kind {kind}" for kind in range(4)),
            "_dtype_str": "int",
            "branch_id": 1,
            "created_on_id": 1,
            "space_id": 1,
            "created_by_id": 1,
        }
        for number in range(TERMS)
    ]
    with database.writing() as transaction:
        transaction.connection.execute(sa.insert(ln.Feature.__table__), terms)
    third = ASKED // 3
    asked = [f"Cell type number {number}" for number in range(third)]
    asked += [f"cell TYPE number {number}" for number in range(third, 2 * third)]
    asked += [f"alias {number} of kind 3" for number in range(ASKED - 2 * third)]

    def read(number: int) -> None:
        with database.reading() as connection:
            connection.exec_driver_sql(EVERYTHING).fetchall()

    samples = in_turns(lambda _: ln.Feature.inspect(asked, mute=True), read, 7)
    statements = counted(lambda: ln.Feature.inspect(asked, mute=True))
    assert len(ln.Feature.inspect(asked, mute=True).synonyms_mapper) == ASKED - third
    return Figure(
        f"`inspect` of {ASKED:,} names, two thirds spelled otherwise, against {TERMS:,} terms with 4 synonyms each, {where}",
        samples.seconds,
        "reading all names and synonyms",
        samples.baseline_seconds,
        "≤ 0.2 s, ≤ 2 statements",
        samples.seconds <= 0.2 and statements <= 2,
        statements,
    )


def _from_values(ln: Any, where: str, bare: Bare) -> Figure:
    runs = 5
    for number in range(-1, runs + 1):
        ln.save([ln.ULabel(name=f"{number} name {one}") for one in range(0, NEW, 2)])

    def mine(number: int) -> None:
        ln.ULabel.from_values([f"{number} name {one}" for one in range(NEW)], create=True).save()

    def driver(number: int) -> None:
        bare.insert([(f"{number + 2}{one:07d}", f"{number} name {one}") for one in range(1, NEW, 2)])

    samples = in_turns(mine, driver, runs)
    statements = counted(lambda: mine(runs))
    return Figure(
        f"`from_values(create=True)` of {NEW:,} names, half of them new, saved, {where}",
        samples.seconds,
        f"{bare.name} of the new ones",
        samples.baseline_seconds,
        "≤ 0.6 s, ≤ 8 statements",
        samples.seconds <= 0.6 and statements <= 8,
        statements,
    )
