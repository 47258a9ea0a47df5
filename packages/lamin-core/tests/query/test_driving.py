"""Filters over several links, on enough rows for databases to go wrong: which condition leads, that all ways find the same."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.query.driving import FEW

ARTIFACTS, OTHERS = 4 * FEW, 1_000
LABELS = {"often": 2, "third": 3, "seldom": 500, "never with often": 0}
"""One of how many artifacts has a label; the last is on those that the first is not on."""


def numbers(last: int) -> str:
    return f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {last})"


@pytest.fixture
def linked(database):
    """Artifacts with frequent and rare labels, written in one go: no statistics know of them."""
    ln.save([ln.ULabel(name=name) for name in LABELS])
    ln.save([ln.Project(name="half")])
    labels = {label.name: label.id for label in ln.ULabel.filter(name__in=list(LABELS))}
    project = ln.Project.get(name="half").id
    storage = ln.Storage.filter().first().id
    branches = "1, 1, 1, false"
    statements = [
        "INSERT INTO lamindb_artifact (uid, key, storage_id, suffix, hash, _key_is_virtual, created_by_id, _overwrite_versions, "
        f"is_latest, branch_id, created_on_id, space_id, is_locked) {numbers(ARTIFACTS)} SELECT substr('{'0' * 16}' || i, "
        f"length(i || '') + 1) || '0000', i || '.csv', {storage}, '.csv', 'h' || i, true, 1, false, true, {branches} FROM n"
    ]
    for name, every in LABELS.items():
        chosen = f"id % {every} = 0" if every else f"id % {LABELS['often']} <> 0"
        statements.append(
            "INSERT INTO lamindb_artifactulabel (artifact_id, ulabel_id, created_by_id) "
            f"SELECT id, {labels[name]}, 1 FROM lamindb_artifact WHERE {chosen}"
        )
    statements.append(
        "INSERT INTO lamindb_artifactproject (artifact_id, project_id, created_by_id) "
        f"SELECT id, {project}, 1 FROM lamindb_artifact WHERE id % 2 = 0"
    )
    first = max(labels.values()) + 1
    statements += [
        "INSERT INTO lamindb_ulabel (uid, name, is_type, created_by_id, branch_id, created_on_id, space_id, is_locked) "
        f"{numbers(OTHERS)} SELECT 'u' || (1000000 + i), 'other ' || i, false, 1, {branches} FROM n",
        "INSERT INTO lamindb_artifactulabel (artifact_id, ulabel_id, created_by_id) "
        f"SELECT id, {first} + id % {OTHERS}, 1 FROM lamindb_artifact",
    ]
    write(database, *statements)
    return database


MORE_LABELS = (
    "INSERT INTO lamindb_ulabel (uid, name, is_type, created_by_id, branch_id, created_on_id, space_id, is_locked) "
    f"{numbers(ARTIFACTS)} SELECT 'm' || (1000000 + i), 'more ' || i, false, 1, 1, 1, 1, false FROM n"
)


def write(database, *statements):
    with database.writing() as transaction:
        for statement in statements:
            transaction.connection.execute(sa.text(statement))


def by_labels(*names):
    rows = ln.Artifact.filter()
    for name in names:
        rows = rows.filter(ulabels__name=name)
    return rows


def matching(*names):
    often = LABELS["often"]
    return [
        number
        for number in range(1, ARTIFACTS + 1)
        if all(number % LABELS[name] == 0 if LABELS[name] else number % often for name in names)
    ]


@pytest.mark.parametrize(
    "names",
    [("often", "third"), ("often", "seldom"), ("seldom", "often"), ("third", "seldom", "often"), ("often", "never with often")],
)
def test_every_way_finds_the_same(linked, names):
    rows, wanted = by_labels(*names), matching(*names)
    assert rows.to_list("id") == wanted
    assert rows.count() == len(wanted)
    assert rows[:50].to_list("id") == wanted[:50]
    assert rows[7:20].to_list("id") == wanted[7:20]
    assert rows.order_by("-id")[:50].to_list("id") == wanted[::-1][:50]
    assert rows.order_by("-key", "id")[:5].to_list("key") == sorted((f"{one}.csv" for one in wanted), reverse=True)[:5]
    assert rows.exists() == bool(wanted)
    assert [each.id for each in (rows.first(), rows.last()) if each] == ([wanted[0], wanted[-1]] if wanted else [])
    assert rows[: 2 * ARTIFACTS].to_list("id") == wanted
    assert rows[:0].to_list("id") == []


def plan(rows) -> str:
    return rows.explain().rpartition("\n\n")[2]


def scans(rows) -> list[str]:
    """Return the steps of a plan that read all rows of the artifacts or of a table of links."""
    tables = ("lamindb_artifact", "lamindb_artifactulabel", "lamindb_artifactproject")
    found = [line.strip() for line in plan(rows).splitlines() if "SCAN" in line.split()[:1] or "Seq Scan on" in line]
    return [step for step in found if any(f"{table} " in f"{step} " or f"{table}_" in step for table in tables)]


@pytest.mark.parametrize("analyzed", [False, True])
def test_a_rare_label_leads_to_the_rows(linked, analyzed):
    if analyzed:
        write(linked, "ANALYZE")
    for rows in (
        by_labels("often", "seldom"),
        by_labels("seldom", "often"),
        ln.Artifact.filter(ulabels__name="seldom", projects__name="half"),
        ln.Artifact.filter(ulabels=ln.ULabel.get(name="seldom"), projects=ln.Project.get(name="half")),
    ):
        assert scans(rows[:100]) == []
        assert scans(rows) == []


@contextmanager
def explained(database):
    """Give a list that has, at the end, the plans of all statements that were sent, with the rows that each step had."""
    sent, plans = [], []

    def note(connection, cursor, statement, parameters, context, many):
        sent.append((statement, parameters))

    sa.event.listen(database.engine, "before_cursor_execute", note)
    yield plans
    sa.event.remove(database.engine, "before_cursor_execute", note)
    with database.reading() as connection:
        for statement, parameters in sent:
            steps = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).scalar_one()
            plans.append(steps[0]["Plan"])


def most_rows(step) -> float:
    """Return how many rows the step had that had most."""
    return max([step["Actual Rows"] * step["Actual Loops"], *map(most_rows, step.get("Plans", ()))])


@pytest.mark.parametrize("make", ["postgresql"], indirect=True)
@pytest.mark.parametrize("names", [("often", "seldom"), ("often", "third")])
def test_labels_are_counted_without_reading_all_links_of_a_frequent_one(linked, names):
    """By statistics a label has few links: all of a frequent one were read and sorted to count some of them."""
    write(
        linked,
        MORE_LABELS,
        "INSERT INTO lamindb_artifactulabel (artifact_id, ulabel_id, created_by_id) "
        f"SELECT (id * 13 + i * 599) % {ARTIFACTS} + 1, id, 1 FROM generate_series(1, 15) i, lamindb_ulabel WHERE uid LIKE 'm1%'",
        "ANALYZE",
    )
    rows = by_labels(*names)[:100]
    with explained(linked) as plans:
        rows.to_list("id")
    assert [most_rows(plan) <= FEW + 1 for plan in plans] == [True, True]


@pytest.mark.parametrize("make", ["postgresql"], indirect=True)
def test_a_walk_finds_hidden_rows_by_the_index_of_branches(linked):
    """Without statistics Postgres expects a third of the rows beyond a number, and read them all to find none."""
    write(linked, MORE_LABELS)
    steps = plan(ln.ULabel.get(name="often").query_parents())
    assert "Bitmap Index Scan on lamindb_ulabel_branch_id_idx" in steps
    assert "Seq Scan on lamindb_ulabel " not in steps


def test_what_is_linked_is_read_without_the_rows_themselves(linked):
    """With the table of artifacts in between, Postgres read all links to find those of some."""
    with QueryLog(linked) as log:
        found = ln.Artifact.filter(id__lte=6).to_dataframe(include=["ulabels__name", "created_by__handle"], limit=None)
    (links,) = (each for each in log.statements if "lamindb_artifactulabel" in each)
    assert "lamindb_artifact " not in links
    labels = {number: [name for name, every in LABELS.items() if every and number % every == 0] for number in range(1, 7)}
    assert {number: names[: len(labels[number])] for number, names in found["ulabels__name"].items()} == labels


def test_frequent_labels_are_looked_up_for_one_row_after_the_other(linked):
    """Reading them in the order of ids ends with the last row that is wanted: no list of ids is made, nothing is sorted."""
    steps = plan(by_labels("often", "third")[:20])
    assert "Sort" not in steps
    assert "TEMP B-TREE" not in steps
    assert "artifact_id" in steps
    # Labels that never meet are found by lists of ids: a walk would see every row.
    assert ("LIST SUBQUERY" in plan(by_labels("often", "never with often")[:20])) or linked.dialect != "sqlite"


def test_the_question_is_one_statement_and_asked_where_there_is_a_choice(linked):
    with QueryLog(linked).exactly(2):
        by_labels("often", "third")[:20].to_list()
    with QueryLog(linked).exactly(1):
        by_labels("often")[:20].to_list()
    with QueryLog(linked).exactly(1):
        ln.Artifact.filter(ulabels__name__startswith="o", projects__name="half")[:20].to_list()
    with QueryLog(linked).exactly(1):
        ln.ULabel.get(name="often")
