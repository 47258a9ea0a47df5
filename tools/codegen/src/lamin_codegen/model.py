"""The checked schema as renderers see it: registries, columns, relations, constraints.

A `SchemaModel` holds every registry of one module in explicit form. Presets (`annotates`, `member_of`, plain multivalued slots …)
are already expanded into link registries, mixins and bases into columns. Names of registries are qualified: `lamindb.Run`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

ColumnType = Literal["string", "text", "integer", "smallint", "bigint", "boolean", "float", "datetime", "date", "json"]
"""SQL meaning of a column; `string` has a `max_length`, `text` none; `json` is checked text on SQLite and jsonb on Postgres."""
OnDelete = Literal["protect", "cascade", "set_null"]
Scalar = str | int | float | bool
Searched = Literal["name", "text"]
"""How search takes a text: as a name, or several with `|` between them, or as a longer text in which words stand."""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """What a column points to: always the `id` of a registry."""

    target: str
    """Qualified name of the registry, as `lamindb.Run`."""
    table: str
    on_delete: OnDelete
    in_database: bool = False
    """True where the DDL carries ON DELETE: tables of ours, never those of the peer."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    type: ColumnType
    description: str
    nullable: bool = False
    max_length: int | None = None
    primary_key: bool = False
    unique: bool = False
    index: bool = False
    default: Scalar | None = None
    """What the constructor fills in."""
    db_default: Scalar | None = None
    """What the DDL says: a literal, or `now` for a datetime, `null` for a json column."""
    choices: tuple[str, ...] = ()
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    immutable: bool = False
    deprecated: str | None = None
    references: ForeignKey | None = None
    search: Searched | None = None
    since: int = 1
    """Number of the revision that added it."""
    previous_name: str | None = field(default=None, compare=False)
    """Name that the column had before; a revision renames it instead of dropping one and adding another."""

    @property
    def made_by_database(self) -> bool:
        """Whether an INSERT leaves the value to the database: keys, timestamps, JSON null."""
        return self.primary_key or self.db_default in ("now", "null")


@dataclass(frozen=True, slots=True)
class ToOne:
    """A foreign key seen from the row that has it: `artifact.run` over `run_id`."""

    name: str
    column: str
    target: str
    nullable: bool
    description: str


@dataclass(frozen=True, slots=True)
class Reverse:
    """A foreign key seen from the row it points to: `run.output_artifacts` over `Artifact.run_id`."""

    name: str
    target: str
    """Registry that holds the foreign key."""
    column: str
    """The foreign-key column of `target`."""


@dataclass(frozen=True, slots=True)
class ToMany:
    """A relation over a link registry: `artifact.ulabels` over `ArtifactULabel`."""

    name: str
    target: str
    through: str
    here: str
    """Column of the link registry that points to this registry."""
    there: str
    """Column of the link registry that points to `target`."""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Unique:
    """A uniqueness rule; with `where`, a partial unique index; with `expression`, an index over an expression."""

    name: str
    columns: tuple[str, ...]
    where: tuple[str, Literal["null", "not null"]] | None = None
    lower: bool = False
    """Over lower(column), one column only."""
    as_constraint: bool = False
    """Written as a table constraint on SQLite, too (elsewhere SQLite gets a unique index)."""


@dataclass(frozen=True, slots=True)
class Check:
    """A CHECK constraint."""

    name: str
    expression: str
    """SQL both dialects share, with quoted column names."""


@dataclass(frozen=True, slots=True)
class Registry:
    """A table with everything that is known of it."""

    name: str
    module: str
    table: str
    description: str
    bases: tuple[str, ...]
    """Python bases of the generated columns class in their order, as `lamindb.records.record:SQLRecord`."""
    columns: tuple[Column, ...]
    to_one: tuple[ToOne, ...] = ()
    reverse: tuple[Reverse, ...] = ()
    to_many: tuple[ToMany, ...] = ()
    uniques: tuple[Unique, ...] = ()
    checks: tuple[Check, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    """Indexes over several columns; those over one column stand at the column."""
    behavior: str | None = None
    uid_length: int | None = None
    name_field: str | None = None
    is_link: bool = False
    """An association table: hidden from listings, queryable as `links_*`."""
    auto_link: bool = False
    """Made from a plain multivalued slot or a preset rather than written out."""
    deprecated: str | None = None
    examples: tuple[str, ...] = ()
    since: int = 1
    search_since: int = 1
    """Number of the revision that made what is searched now searchable."""
    previous_name: str | None = field(default=None, compare=False)
    """Name that the registry had before, without module."""

    @property
    def qualified(self) -> str:
        return f"{self.module}.{self.name}"

    @property
    def is_searched(self) -> bool:
        """Whether any column is searched."""
        return any(column.search for column in self.columns)

    def searched(self, kind: Searched) -> tuple[str, ...]:
        """Return the columns that search takes so, the one by which people know a record first."""
        names = [column.name for column in self.columns if column.search == kind]
        return tuple(sorted(names, key=lambda name: name != self.name_field))

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A relation that a module adds to a registry of another module: `lamindb.Artifact.genes` from bionty."""

    host: str
    relation: ToMany | Reverse


@dataclass(frozen=True, slots=True)
class SchemaModel:
    """One module: its own registries, and what they add to registries of other modules."""

    module: str
    package: str
    """Python package that holds the generated code, as `lamindb._registries`."""
    schemas: tuple[str, ...]
    """Names of the LinkML schemas it owns: `("base", "core")`."""
    requires: tuple[str, ...]
    """Modules it depends on, nearest first."""
    registries: tuple[Registry, ...]
    elsewhere: tuple[Elsewhere, ...] = ()
    seed: str | None = None
    """`package.module:function` that inserts the first rows of a new database."""
    description: str = ""
    known: dict[str, Registry] = field(default_factory=dict, compare=False)
    """Registries of other modules by qualified name, for types and foreign keys."""
    packages: dict[str, str] = field(default_factory=dict, compare=False)
    """Generated packages of other modules by module name, as `{"lamindb": "lamindb._registries"}`."""

    def registry(self, name: str) -> Registry:
        return next(registry for registry in self.registries if registry.name == name)
