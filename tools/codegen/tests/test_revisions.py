"""What a revision does to tables that have rows: they become what the DDL of the new schema makes, and the rows stay."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lamindb_setup.testing import PostgresServer, postgres_server

from lamin_codegen.model import Check, Column, ColumnType, ForeignKey, Registry, Scalar, SchemaModel, Unique
from lamin_codegen.render import ddl_postgres, ddl_sqlite, migrate_postgres, migrate_sqlite, rebuild
from lamin_codegen.render.diff import RevisionError, operations
from lamin_codegen.render.operations import describe
from lamin_codegen.render.snapshot import from_text, numbered, take, to_text
from lamin_codegen.shapes import Shape, differences, shape_of_postgres, shape_of_sqlite

__all__ = ["postgres_server"]

ID = Column("id", "integer", "", primary_key=True)
NAME = Column("name", "string", "", max_length=50)
NICK = Column("nick", "text", "", nullable=True)
AGE = Column("age", "integer", "", nullable=True)


def table(name: str, *columns: Column, **more: Any) -> Registry:
    return Registry(name, "toy", f"toy_{name.lower()}", "", (), (ID, *columns), **more)


def to_one(name: str, target: str, **more: Any) -> Column:
    """A foreign key; `cascade=True` for one that says so in the database."""
    cascade = more.pop("cascade", False)
    references = ForeignKey(f"toy.{target}", f"toy_{target.lower()}", "cascade" if cascade else "protect", cascade)
    return Column(f"{name}_id", "integer", "", index=True, references=references, **more)


def schema(*registries: Registry) -> SchemaModel:
    return SchemaModel("toy", "toy._registries", ("toy",), (), registries)


@dataclass
class Database:
    """A database of one dialect, seen without any code that is tested here."""

    connection: sqlite3.Connection | psycopg.Connection[Any]

    @property
    def is_sqlite(self) -> bool:
        return isinstance(self.connection, sqlite3.Connection)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        if isinstance(self.connection, sqlite3.Connection):
            return self.connection.execute(query).fetchall()
        cursor = self.connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []

    def run(self, statements: Sequence[str]) -> None:
        """All statements in one transaction, as a revision runs."""
        if self.is_sqlite:
            self.rows("PRAGMA foreign_keys = OFF")
        self.rows("BEGIN")
        for statement in statements:
            self.rows(statement)
        if self.is_sqlite:
            assert self.rows(rebuild.FOREIGN_KEY_CHECK) == []
        self.rows("COMMIT")

    def create(self, model: SchemaModel) -> None:
        ddl = ddl_sqlite if self.is_sqlite else ddl_postgres
        self.run(ddl.statements(model.registries))

    def upgrade(self, before: SchemaModel, after: SchemaModel, *, allow_drop: bool = False) -> list[str]:
        newest = take(before)
        steps = operations(newest, take(after, newest), allow_drop=allow_drop)
        statements = migrate_sqlite.statements(steps) if self.is_sqlite else migrate_postgres.statements(steps)
        self.run(statements)
        return statements

    def shape(self) -> Shape:
        return (shape_of_sqlite if self.is_sqlite else shape_of_postgres)(self.rows)

    def names(self) -> list[tuple[Any, ...]]:
        """Names that the next revision will need: those of indexes and constraints."""
        if self.is_sqlite:
            return self.rows("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1")
        return self.rows(
            "SELECT conname::text FROM pg_constraint "
            "WHERE contype IN ('p', 'u', 'f', 'c') AND connamespace = 'public'::regnamespace "
            "UNION SELECT relname::text FROM pg_class WHERE relkind = 'i' AND relnamespace = 'public'::regnamespace ORDER BY 1"
        )


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Database, Database]]:
    """Two empty databases: one is upgraded, the other is made anew."""
    if request.param == "sqlite":
        connections = [sqlite3.connect(tmp_path / name, isolation_level=None) for name in ("one.db", "two.db")]
        yield Database(connections[0]), Database(connections[1])
        for connection in connections:
            connection.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with (
        server.clone() as one,
        server.clone() as two,
        psycopg.connect(one, autocommit=True) as first,
        psycopg.connect(two, autocommit=True) as second,
    ):
        yield Database(first), Database(second)


PERSON = table("Person", NAME, NICK, AGE)
LAB = table("Lab", Column("title", "string", "", max_length=20, unique=True))
VISIT = table("Visit", to_one("person", "Person"), to_one("lab", "Lab", nullable=True), AGE)
BEFORE = (PERSON, LAB, VISIT)

ROWS = [
    "INSERT INTO toy_person (name, nick, age) VALUES ('Ada', 'a''da', 36), ('Bo', NULL, NULL)",
    "INSERT INTO toy_lab (title) VALUES ('red')",
    "INSERT INTO toy_visit (person_id, lab_id, age) VALUES (1, 1, 5), (2, NULL, NULL)",
]


def with_columns(registry: Registry, **changed: Column | None) -> Registry:
    """The registry with columns replaced, removed (None) or added."""
    columns = {column.name: column for column in registry.columns} | changed
    return replace(registry, columns=tuple(column for column in columns.values() if column))


CHANGES: dict[str, tuple[tuple[Registry, ...], str, list[tuple[Any, ...]]]] = {
    # what: tables after, a query, its rows
    "new table": (
        (*BEFORE, table("Trip", to_one("visit", "Visit"), to_one("self", "Trip", nullable=True))),
        "SELECT * FROM toy_trip",
        [],
    ),
    "new column": (
        (with_columns(PERSON, mail=Column("mail", "string", "", max_length=9, nullable=True, index=True)), LAB, VISIT),
        "SELECT name, mail FROM toy_person ORDER BY id",
        [("Ada", None), ("Bo", None)],
    ),
    "new column with default": (
        (with_columns(PERSON, tall=Column("tall", "boolean", "", db_default=True)), LAB, VISIT),
        "SELECT name, tall FROM toy_person ORDER BY id",
        [("Ada", True), ("Bo", True)],
    ),
    "new column with time": (
        (with_columns(PERSON, seen=Column("seen", "datetime", "", db_default="now")), LAB, VISIT),
        "SELECT count(*) FROM toy_person WHERE seen IS NOT NULL",
        [(2,)],
    ),
    "new json column": (
        (with_columns(PERSON, aux=Column("aux", "json", "", nullable=True, db_default="null")), LAB, VISIT),
        "SELECT CAST(aux AS text) FROM toy_person WHERE id = 1",
        [("null",)],
    ),
    "new foreign key": (
        (with_columns(PERSON, home_id=to_one("home", "Lab", nullable=True, cascade=True)), LAB, VISIT),
        "SELECT name, home_id FROM toy_person ORDER BY id",
        [("Ada", None), ("Bo", None)],
    ),
    "new foreign key with default": (
        (with_columns(PERSON, home_id=to_one("home", "Lab", db_default=1)), LAB, VISIT),
        "SELECT name, home_id FROM toy_person ORDER BY id",
        [("Ada", 1), ("Bo", 1)],
    ),
    "new unique column": (
        (with_columns(PERSON, code=Column("code", "string", "", max_length=9, nullable=True, unique=True)), LAB, VISIT),
        "SELECT count(*) FROM toy_person",
        [(2,)],
    ),
    "wider text": (
        (with_columns(PERSON, name=replace(NAME, max_length=70)), LAB, VISIT),
        "SELECT name, nick, age FROM toy_person ORDER BY id",
        [("Ada", "a'da", 36), ("Bo", None, None)],
    ),
    "other type": (
        (with_columns(PERSON, age=replace(AGE, type="text")), LAB, VISIT),
        "SELECT age FROM toy_person ORDER BY id",
        [("36",), (None,)],
    ),
    "bigger key": (
        (
            with_columns(PERSON, id=replace(ID, type="bigint")),
            LAB,
            with_columns(VISIT, person_id=replace(to_one("person", "Person"), type="bigint")),
        ),
        "SELECT person_id FROM toy_visit ORDER BY id",
        [(1,), (2,)],
    ),
    "value required": (
        (with_columns(PERSON, nick=replace(NICK, nullable=False, db_default="no 'nick'")), LAB, VISIT),
        "SELECT nick FROM toy_person ORDER BY id",
        [("a'da",), ("no 'nick'",)],
    ),
    "foreign key required": (
        (PERSON, LAB, with_columns(VISIT, lab_id=to_one("lab", "Lab", db_default=1))),
        "SELECT lab_id FROM toy_visit ORDER BY id",
        [(1,), (1,)],
    ),
    "value no longer required": (
        (with_columns(PERSON, name=replace(NAME, nullable=True)), LAB, VISIT),
        "SELECT name FROM toy_person ORDER BY id",
        [("Ada",), ("Bo",)],
    ),
    "other type with default": (
        (
            with_columns(PERSON, name=Column("name", "text", ""), age=replace(AGE, type="string", max_length=9, db_default="7")),
            LAB,
            VISIT,
        ),
        "SELECT age FROM toy_person ORDER BY id",
        [("36",), (None,)],
    ),
    "default": (
        (with_columns(PERSON, age=replace(AGE, db_default=7)), LAB, VISIT),
        "SELECT age FROM toy_person ORDER BY id",
        [(36,), (None,)],
    ),
    "cascade in the database": (
        (PERSON, LAB, with_columns(VISIT, person_id=to_one("person", "Person", cascade=True))),
        "SELECT person_id FROM toy_visit ORDER BY id",
        [(1,), (2,)],
    ),
    "unique column": (
        (with_columns(PERSON, name=replace(NAME, unique=True)), LAB, VISIT),
        "SELECT name FROM toy_person ORDER BY id",
        [("Ada",), ("Bo",)],
    ),
    "no longer unique": (
        (PERSON, with_columns(LAB, title=Column("title", "string", "", max_length=20, index=True)), VISIT),
        "SELECT title FROM toy_lab",
        [("red",)],
    ),
    "index": (
        (replace(with_columns(PERSON, nick=replace(NICK, index=True)), indexes=(("name", "age"),)), LAB, VISIT),
        "SELECT count(*) FROM toy_person",
        [(2,)],
    ),
    "no index": (
        (PERSON, LAB, with_columns(VISIT, lab_id=replace(to_one("lab", "Lab", nullable=True), index=False))),
        "SELECT count(*) FROM toy_visit",
        [(2,)],
    ),
    "unique rules": (
        (
            replace(PERSON, uniques=(Unique("unique_low", ("name",), lower=True), Unique("unique_pair", ("name", "age")))),
            replace(LAB, uniques=(Unique("unique_titles", ("title", "id"), as_constraint=True),)),
            replace(VISIT, uniques=(Unique("unique_guest", ("person_id",), where=("lab_id", "null")),)),
        ),
        "SELECT count(*) FROM toy_person",
        [(2,)],
    ),
    "check": (
        (replace(PERSON, checks=(Check("not_old", '"age" < 130'),)), LAB, VISIT),
        "SELECT count(*) FROM toy_person",
        [(2,)],
    ),
    "renamed column": (
        (with_columns(PERSON, age=None, years=replace(AGE, name="years", index=True, previous_name="age")), LAB, VISIT),
        "SELECT years FROM toy_person ORDER BY id",
        [(36,), (None,)],
    ),
    "renamed and changed column": (
        (
            with_columns(
                PERSON, nick=None, alias=Column("alias", "string", "", max_length=9, db_default="-", previous_name="nick")
            ),
            LAB,
            VISIT,
        ),
        "SELECT alias FROM toy_person ORDER BY id",
        [("a'da",), ("-",)],
    ),
    "renamed unique column": (
        (
            PERSON,
            with_columns(LAB, title=None, name=Column("name", "string", "", max_length=20, unique=True, previous_name="title")),
            VISIT,
        ),
        "SELECT name FROM toy_lab",
        [("red",)],
    ),
    "renamed foreign key": (
        (
            PERSON,
            LAB,
            with_columns(VISIT, person_id=None, guest_id=replace(to_one("guest", "Person"), previous_name="person_id")),
        ),
        "SELECT guest_id FROM toy_visit ORDER BY id",
        [(1,), (2,)],
    ),
    "renamed table": (
        (
            replace(PERSON, name="Human", table="toy_human", previous_name="Person"),
            LAB,
            with_columns(VISIT, person_id=to_one("person", "Human")),
        ),
        "SELECT name FROM toy_human ORDER BY id",
        [("Ada",), ("Bo",)],
    ),
    "renamed and changed table": (
        (
            PERSON,
            LAB,
            replace(
                with_columns(
                    VISIT,
                    age=None,
                    person_id=to_one("person", "Person", cascade=True),
                    years=replace(AGE, name="years", previous_name="age"),
                ),
                name="Stay",
                table="toy_stay",
                previous_name="Visit",
                uniques=(Unique("unique_stay", ("person_id", "lab_id")),),
            ),
        ),
        "SELECT person_id, lab_id, years FROM toy_stay ORDER BY id",
        [(1, 1, 5), (2, None, None)],
    ),
    "other table name": (
        (
            replace(PERSON, table="people"),
            LAB,
            with_columns(
                VISIT, person_id=replace(to_one("person", "Person"), references=ForeignKey("toy.Person", "people", "protect"))
            ),
        ),
        "SELECT name FROM people ORDER BY id",
        [("Ada",), ("Bo",)],
    ),
    "dropped column": (
        (with_columns(PERSON, nick=None), LAB, VISIT),
        "SELECT * FROM toy_person ORDER BY id",
        [(1, "Ada", 36), (2, "Bo", None)],
    ),
    "dropped foreign key": (
        (PERSON, LAB, with_columns(VISIT, lab_id=None)),
        "SELECT * FROM toy_visit ORDER BY id",
        [(1, 1, 5), (2, 2, None)],
    ),
    "dropped tables": ((PERSON,), "SELECT count(*) FROM toy_person", [(2,)]),
}


ONE_WAY = {"value no longer required", "renamed unique column", "renamed foreign key", "renamed table"}
"""The schema before does not say where rows or values are to come from, going back."""


@pytest.mark.parametrize("change", CHANGES)
def test_upgrade_equals_the_ddl_and_keeps_the_rows(change: str, databases: tuple[Database, Database]) -> None:
    (tables, query, rows), (upgraded, made) = CHANGES[change], databases
    before, after = schema(*BEFORE), schema(*tables)
    upgraded.create(before)
    shape, names = upgraded.shape(), upgraded.names()
    upgraded.run([*ROWS, "INSERT INTO toy_person (name) VALUES ('gone')", "DELETE FROM toy_person WHERE id = 3"])
    statements = upgraded.upgrade(before, after, allow_drop=True)
    made.create(after)
    assert statements
    assert differences(upgraded.shape(), made.shape(), extra_tables=()) == []
    assert upgraded.names() == made.names()
    assert upgraded.rows(query) == rows
    person = tables[0].table
    upgraded.rows(f"INSERT INTO {person} (name) VALUES ('Cy')")
    assert upgraded.rows(f"SELECT id FROM {person} WHERE name = 'Cy'") == [(4,)]  # the number of a deleted row is not used again
    if change not in ONE_WAY:
        upgraded.upgrade(after, before, allow_drop=True)
        assert differences(upgraded.shape(), shape, extra_tables=()) == []
        assert upgraded.names() == names


def test_a_snapshot_reads_back_as_it_was() -> None:
    for tables, _, _ in CHANGES.values():
        snapshot = take(schema(*tables))
        stored = from_text(to_text(snapshot))
        assert operations(snapshot, stored) == []
        assert sorted(stored.registries, key=lambda one: one.name) == sorted(snapshot.registries, key=lambda one: one.name)


def test_what_a_table_does_not_show_is_no_change() -> None:
    changed = with_columns(PERSON, name=replace(NAME, description="Other words.", default="x", pattern="^A", choices=("Ada",)))
    deleting = with_columns(
        VISIT, person_id=replace(to_one("person", "Person"), references=ForeignKey("toy.Person", "toy_person", "cascade"))
    )
    before = take(schema(*BEFORE))
    assert operations(before, take(schema(replace(changed, description="New."), LAB, deleting), before)) == []


def test_loss_of_rows_must_be_allowed() -> None:
    before = take(schema(*BEFORE))
    with pytest.raises(RevisionError) as caught:
        operations(before, take(schema(with_columns(PERSON, nick=None), LAB), before))
    hint = "say where it went with the annotation `previous_name`, or allow dropping it"
    assert caught.value.problems == (
        f"Visit is gone, and with it all rows of toy_visit: {hint}",
        f"Person.nick is gone, and with it its values: {hint}",
    )


def test_rows_that_are_there_need_a_value() -> None:
    before = take(schema(*BEFORE))
    after = with_columns(PERSON, nick=replace(NICK, nullable=False), mail=Column("mail", "text", ""))
    with pytest.raises(RevisionError) as caught:
        operations(before, take(schema(after, LAB, VISIT), before), allow_drop=True)
    hint = "give it the annotation `db_default`, or leave out `required: true`"
    assert caught.value.problems == (
        f"Person.nick must have a value, and rows that are already there may have none: {hint}",
        f"Person.mail must have a value, and rows that are already there may have none: {hint}",
    )


def test_a_rename_is_made_once() -> None:
    renamed = replace(
        with_columns(PERSON, age=None, years=replace(AGE, name="years", previous_name="age")),
        name="Human",
        previous_name="Person",
    )
    visit = with_columns(
        VISIT, person_id=replace(to_one("person", "Person"), references=ForeignKey("toy.Human", "toy_person", "protect"))
    )
    first = take(schema(*BEFORE))
    second = take(schema(renamed, LAB, visit), first)
    assert [describe(step) for step in operations(first, second)] == ["rename column toy_person.age to years"]
    assert operations(second, take(schema(renamed, LAB, visit), second)) == []


def test_each_column_knows_the_revision_that_added_it() -> None:
    first = take(schema(PERSON))
    wider = with_columns(PERSON, mail=Column("mail", "text", "", nullable=True))
    second = take(schema(wider, LAB), first)
    model = numbered(schema(wider, LAB), second)
    assert [(column.name, column.since) for column in model.registry("Person").columns][-2:] == [("age", 1), ("mail", 2)]
    assert (model.registry("Person").since, model.registry("Lab").since) == (1, 2)
    assert second.revision == "toy_0002"


def test_only_what_alter_table_cannot_do_rebuilds_a_table_on_sqlite() -> None:
    before = take(schema(*BEFORE))

    def statements(registry: Registry) -> list[str]:
        steps = operations(before, take(schema(registry, LAB, VISIT), before), allow_drop=True)
        return [re.sub(r"\s+", " ", statement) for statement in migrate_sqlite.statements(steps)]

    assert statements(with_columns(PERSON, mail=Column("mail", "string", "", max_length=9, nullable=True, index=True))) == [
        'ALTER TABLE "toy_person" ADD COLUMN "mail" varchar(9) NULL',
        'CREATE INDEX "toy_person_mail_idx" ON "toy_person" ("mail")',
    ]
    assert statements(with_columns(PERSON, nick=None)) == ['ALTER TABLE "toy_person" DROP COLUMN "nick"']
    assert statements(with_columns(PERSON, nick=replace(NICK, nullable=False, db_default="-"))) == [
        'CREATE TABLE "new toy_person" ( "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(50) NOT NULL, '
        '"nick" text DEFAULT \'-\' NOT NULL, "age" integer NULL )',
        'INSERT INTO "new toy_person" ("id", "name", "nick", "age") '
        """SELECT "id", "name", coalesce("nick", '-'), "age" FROM "toy_person\"""",
        "DELETE FROM sqlite_sequence WHERE name = 'new toy_person'",
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'new toy_person', seq FROM sqlite_sequence WHERE name = 'toy_person'",
        'DROP TABLE "toy_person"',
        'ALTER TABLE "new toy_person" RENAME TO "toy_person"',
    ]


def test_postgres_alters_in_place() -> None:
    before = take(schema(*BEFORE))
    after = with_columns(
        PERSON,
        name=replace(NAME, max_length=70),
        nick=replace(NICK, nullable=False, db_default="-"),
        home_id=to_one("home", "Lab", nullable=True),
    )
    steps = operations(before, take(schema(after, LAB, VISIT), before))
    assert [re.sub(r"\s+", " ", statement) for statement in migrate_postgres.statements(steps)] == [
        'ALTER TABLE "toy_person" ALTER COLUMN "name" TYPE varchar(70) USING "name"::varchar(70)',
        'ALTER TABLE "toy_person" ALTER COLUMN "nick" SET DEFAULT \'-\'',
        'UPDATE "toy_person" SET "nick" = DEFAULT WHERE "nick" IS NULL',
        'ALTER TABLE "toy_person" ALTER COLUMN "nick" SET NOT NULL',
        'ALTER TABLE "toy_person" ADD COLUMN "home_id" integer, ADD CONSTRAINT "toy_person_home_id_fkey" FOREIGN KEY ("home_id") '
        'REFERENCES "toy_lab" ("id") DEFERRABLE INITIALLY DEFERRED',
        'CREATE INDEX "toy_person_home_id_idx" ON "toy_person" ("home_id")',
    ]


# ---- any two schemas ---------------------------------------------------------------------------------------------------------
DEFAULTS: dict[ColumnType, Scalar] = {
    "string": "it's",
    "text": "it's",
    "integer": -3,
    "boolean": True,
    "datetime": "now",
    "json": "null",
}


@st.composite
def columns(draw: st.DrawFn, name: str) -> Column:
    nullable, index = draw(st.booleans()), draw(st.booleans())
    unique = nullable and draw(st.booleans())
    if draw(st.booleans()):
        references = ForeignKey("toy.Lab", "toy_lab", "cascade", draw(st.booleans()))
        default = 1 if not nullable or draw(st.booleans()) else None
        return Column(name, "integer", "", nullable, unique=unique, index=index, db_default=default, references=references)
    type_ = draw(st.sampled_from(sorted(DEFAULTS)))
    value = DEFAULTS[type_] if not nullable or draw(st.booleans()) else None
    length = 9 if type_ == "string" else None
    return Column(name, type_, "", nullable, length, unique=unique, index=index, db_default=value)


@st.composite
def registries(draw: st.DrawFn) -> Registry:
    names = draw(st.lists(st.sampled_from("abcd"), unique=True, min_size=1))
    made = [draw(columns(name)) for name in names]
    rules = [
        Unique("unique_thing", ("id", *names[:2])),
        Unique("unique_thing", ("id", *names[:2]), as_constraint=True),
        Unique("unique_thing", ("id", *names[:2]), where=(names[0], "null")),
        Unique("unique_thing", ("id",), where=(names[0], "not null")),
    ]
    uniques = draw(st.sampled_from([(), *((rule,) for rule in rules)]))
    checks = draw(st.sampled_from([(), (Check("some_id", '"id" > 0'),)]))
    return table("Thing", *made, uniques=uniques, checks=checks)


def kind(column: Column) -> tuple[str, bool]:
    return column.type, column.references is not None


@settings(max_examples=300, deadline=None)
@given(before=registries(), after=registries(), renamed=st.sampled_from([None, "a", "b"]))
def test_any_schema_leads_to_any_other_on_sqlite(before: Registry, after: Registry, renamed: str | None) -> None:
    after = replace(after, columns=tuple(replace(one, previous_name=renamed) for one in after.columns))
    upgraded, made = (Database(sqlite3.connect(":memory:", isolation_level=None)) for _ in range(2))
    upgraded.create(schema(LAB, before))
    upgraded.run(["INSERT INTO toy_lab (title) VALUES ('red')"])
    if {one.name: kind(one) for one in before.columns}.items() <= {one.name: kind(one) for one in after.columns}.items():
        upgraded.run(["INSERT INTO toy_thing (id) VALUES (5)"])  # otherwise it is the row that may not fit the new type
    upgraded.upgrade(schema(LAB, before), schema(LAB, after), allow_drop=True)
    made.create(schema(LAB, after))
    assert differences(upgraded.shape(), made.shape(), extra_tables=()) == []
    assert upgraded.names() == made.names()
    for database in (upgraded, made):
        database.connection.close()


# ---- search ------------------------------------------------------------------------------------------------------------------
CALLED = replace(NAME, search="name")
ALSO = Column("synonyms", "text", "", nullable=True, search="name")
ABOUT = Column("about", "text", "", nullable=True, search="text")
SEARCHED = table("Person", CALLED, ALSO, ABOUT, AGE, name_field="name")
UNSEARCHED = table("Person", NAME, replace(ALSO, search=None), replace(ABOUT, search=None), AGE)
CHANGES_OF_SEARCH = {
    "nothing was searched": (UNSEARCHED, SEARCHED),
    "nothing is searched any more": (SEARCHED, UNSEARCHED),
    "another column is a name": (table("Person", CALLED, replace(ALSO, search=None), ABOUT, AGE), SEARCHED),
    "the table is renamed": (SEARCHED, replace(SEARCHED, name="Human", table="toy_human", previous_name="Person")),
    "the table is made anew": (SEARCHED, table("Person", CALLED, ALSO, ABOUT, replace(AGE, unique=True), name_field="name")),
    "a searched column gets a default": (
        SEARCHED,
        table("Person", CALLED, replace(ALSO, nullable=False, db_default="none"), ABOUT, AGE, name_field="name"),
    ),
    "a searched column is renamed": (
        SEARCHED,
        table("Person", CALLED, replace(ALSO, name="others", previous_name="synonyms"), ABOUT, AGE, name_field="name"),
    ),
}


def indexes_of_search(database: Database, table_name: str) -> list[tuple[Any, ...]]:
    """Everything that makes a table searchable, as the database has it."""
    if database.is_sqlite:
        return database.rows("SELECT type, name, sql FROM sqlite_master WHERE name LIKE '%search%' ORDER BY 2")
    return database.rows(
        f"SELECT indexdef FROM pg_indexes WHERE tablename = '{table_name}' AND indexdef LIKE '%trgm%' ORDER BY 1"
    )


@pytest.mark.parametrize("change", CHANGES_OF_SEARCH)
def test_what_is_searched_changes(databases: tuple[Database, Database], change: str) -> None:
    upgraded, made = databases
    before, after = CHANGES_OF_SEARCH[change]
    upgraded.create(schema(before))
    upgraded.rows("INSERT INTO toy_person (name, synonyms, about, age) VALUES ('ada', 'countess|lovelace', 'wrote code', 36)")
    upgraded.rows("INSERT INTO toy_person (name) VALUES ('grace')")
    upgraded.upgrade(schema(before), schema(after))
    made.create(schema(after))
    assert indexes_of_search(upgraded, after.table) == indexes_of_search(made, after.table)
    assert bool(indexes_of_search(made, after.table)) is after.is_searched
    if not upgraded.is_sqlite or not after.is_searched:
        return
    upgraded.rows(f"INSERT INTO {after.table} (name) VALUES ('mary')")
    upgraded.rows(f"UPDATE {after.table} SET name = 'hopper' WHERE name = 'grace'")
    index = f"{after.table}_search"
    assert upgraded.rows(f"SELECT rowid FROM {index}_texts WHERE {index}_texts MATCH 'rot'") == [(1,)]
    expected = {"ada": [(1,)], "lac": [(1,)], "rot": [], "mar": [(3,)], "hop": [(2,)], "gra": []}
    expected["non"] = [(2,), (3,)] if change == "a searched column gets a default" else []
    found = {text: upgraded.rows(f"SELECT rowid FROM {index} WHERE {index} MATCH '{text}'") for text in expected}
    assert found == expected


def test_the_revision_that_made_a_table_searchable_is_kept() -> None:
    first = take(schema(table("Person", NAME)))
    second = take(schema(table("Person", CALLED)), first)
    third = take(schema(table("Person", CALLED, AGE)), from_text(to_text(second)))
    assert [one.registries[0].search_since for one in (first, second, third)] == [1, 2, 2]
    assert from_text(to_text(third)).registries[0].searched("name") == ("name",)


def test_without_the_extension_the_tables_are_made_all_the_same(databases: tuple[Database, Database]) -> None:
    database, _ = databases
    if database.is_sqlite:
        pytest.skip("FTS5 belongs to SQLite")
    database.rows("CREATE ROLE guest")
    database.rows("GRANT CREATE ON SCHEMA public TO guest")
    database.rows("SET ROLE guest")  # may make tables, but no extension
    database.create(schema(SEARCHED))
    assert indexes_of_search(database, "toy_person") == []
    database.rows("RESET ROLE")
    database.rows("DROP OWNED BY guest")
    database.rows("DROP ROLE guest")
