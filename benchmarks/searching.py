"""Search among 100,000 and 1,000,000 names on SQLite and Postgres, against LIKE of the bare driver over the same rows."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from instances import counted, scratch
from measuring import Figure, in_turns

SIZES = (100_000, 1_000_000)
SEED = 7
COLUMNS = "uid, name, is_type, is_locked, branch_id, created_on_id, space_id, created_by_id"
KINDS = "lympho mono granulo neuro hepato cardio chondro osteo myelo erythro kerato fibro astro melano adipo thrombo"
ENDS = "cyte blast phage glia phil progenitor precursor"
STATES = (
    "CD4-positive CD8-positive alpha-beta gamma-delta memory naive regulatory effector activated cortical medullary renal "
    "hepatic pulmonary cardiac gastric intestinal colonic retinal dermal mature immature proliferating resting fetal adult human"
)


@dataclass(frozen=True, slots=True)
class Question:
    """A text to search, and how long it may take among 1,000,000 names."""

    what: str
    text: str
    seconds: float


QUESTIONS = (
    Question("a rare number", "12345", 0.03),
    Question("two words", "memory naive lympho", 0.03),
    Question("nothing alike", "qwertzuiop", 0.03),
    Question("a common word", "cell", 0.15),
    Question("a common beginning", "lymphocyte", 0.15),
    Question("a typo", "lymphocite", 0.15),
    Question("typos in two words", "erytrocyte gama-delta", 0.15),
    Question("two letters", "qz", 0.15),
)


def figures(runs: int) -> Iterator[Figure]:
    from lamindb_setup.testing import run_postgres

    with scratch() as (ln, folder), run_postgres() as server:
        for size in SIZES:
            project = folder / f"sqlite{size}"
            project.mkdir()
            ln.setup.init(storage="./storage", folder=project)
            yield from _measure(ln, "SQLite", size, fill_sqlite(project, size), runs)
            project = folder / f"postgres{size}"
            project.mkdir()
            url = server.url(server.create())
            ln.setup.init(storage="./storage", folder=project, db=url)
            yield from _measure(ln, "Postgres", size, fill_postgres(url, size), runs)


def names(count: int) -> list[str]:
    """Return names as cell types and samples have them, the same each time."""
    chosen = random.Random(SEED)
    kinds, ends, states = KINDS.split(), ENDS.split(), STATES.split()
    sounds = ["".join(chosen.choices("bcdfghklmnprstvz", k=1) + chosen.choices("aeiou", k=1)) for _ in range(400)]
    places = ["".join(chosen.choices(sounds, k=chosen.randint(2, 4))) for _ in range(20_000)]
    found = []
    for number in range(count):
        words = [*chosen.choices(states, k=chosen.randint(0, 2)), chosen.choice(kinds) + chosen.choice(ends)]
        words += ["cell"] * (chosen.random() < 0.4) + ["of", chosen.choice(places)] * (chosen.random() < 0.7)
        found.append(f"{' '.join(words)} {number}")
    return found


def fill_sqlite(project: Path, size: int) -> Callable[[str], object]:
    """Insert the names by SQL; returns what the bare driver does for a search."""
    from instances import connection

    bare = connection(project)
    rows = names(size)
    for start in range(0, size, 50_000):
        part = json.dumps(rows[start : start + 50_000])
        bare.execute("BEGIN IMMEDIATE")
        bare.execute(
            f"INSERT INTO lamindb_ulabel ({COLUMNS}) "
            f"SELECT printf('%08d', {start} + key), value, 0, 0, 1, 1, 1, 1 FROM json_each(?)",
            (part,),
        )
        bare.execute("COMMIT")
    query = "SELECT id FROM lamindb_ulabel WHERE name LIKE ? ORDER BY length(name) LIMIT 20"
    return lambda text: bare.execute(query, (f"%{text}%",)).fetchall()


def fill_postgres(url: str, size: int) -> Callable[[str], object]:
    """Insert the names by COPY; returns what the bare driver does for a search, without an index."""
    import psycopg

    bare = psycopg.connect(url, autocommit=True)
    with bare.cursor() as cursor, cursor.copy(f"COPY lamindb_ulabel ({COLUMNS}) FROM STDIN") as copy:
        for number, name in enumerate(names(size)):
            copy.write_row((f"{number:08d}", name, False, False, 1, 1, 1, 1))
    bare.execute("VACUUM ANALYZE lamindb_ulabel")  # as the server does by itself soon
    query = "SELECT id FROM lamindb_ulabel WHERE name ILIKE %s ORDER BY length(name) LIMIT 20"
    return lambda text: bare.execute(query, (f"%{text}%",)).fetchall()


def _measure(ln: Any, dialect: str, size: int, bare: Callable[[str], object], runs: int) -> Iterator[Figure]:
    for question in QUESTIONS:
        limit = min(question.seconds, 0.03) if size == SIZES[0] else question.seconds

        def mine(_: int, text: str = question.text) -> object:
            return ln.ULabel.search(text).to_list()

        def driver(_: int, text: str = question.text) -> object:
            return bare(text)

        samples = in_turns(mine, driver, max(3, runs // 2))
        yield Figure(
            f"search of {size:,} names on {dialect}: {question.what}",
            samples.seconds,
            "LIKE by the driver",
            samples.baseline_seconds,
            f"≤ {limit * 1000:.0f} ms",
            samples.seconds <= limit,
            counted(partial(mine, 0)),
        )
