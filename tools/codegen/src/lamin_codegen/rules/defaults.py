"""Defaults that fit their columns."""

from __future__ import annotations

from lamin_codegen.compiling.columns import choices_of, column_type
from lamin_codegen.compiling.defaults import UnclearDefault, database_default, python_default
from lamin_codegen.reading.forms import written
from lamin_codegen.rules.rule import Facts, Found, rule


@rule("ifabsent")
def python_defaults(facts: Facts) -> Found:
    """What `ifabsent` says fits the column."""
    for cls, slot in facts.slots:
        type_ = column_type(facts.schema, cls, slot)
        if slot.ifabsent is None or type_ is None or slot.multivalued:
            continue
        try:
            python_default(slot.ifabsent, type_, slot.range, choices_of(facts.schema, slot))
        except UnclearDefault as error:
            yield slot.place("ifabsent"), f"`{slot.ifabsent}` is no default for slot `{slot.name}` of type {type_}", str(error)


@rule("db-default")
def database_defaults(facts: Facts) -> Found:
    """What `db_default` says fits the column."""
    for cls, slot in facts.slots:
        type_, value = column_type(facts.schema, cls, slot), slot.notes.get("db_default")
        if value is None or type_ is None or slot.multivalued:
            continue
        try:
            database_default(value, type_, choices_of(facts.schema, slot))
        except UnclearDefault as error:
            place = slot.place("annotations", "db_default")
            yield place, f"`{written(value)}` is no database default for slot `{slot.name}` of type {type_}", str(error)
