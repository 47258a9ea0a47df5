"""What can't become of the tables of the newest revision."""

from __future__ import annotations

from collections.abc import Iterator

from lamin_codegen.compiling.columns import column_name, previous_name
from lamin_codegen.compiling.inheritance import induced_slots
from lamin_codegen.model import Registry
from lamin_codegen.reading.raw import RawClass, RawSlot
from lamin_codegen.rules.rule import Facts, Found, rule


@rule("previous-class")
def previous_classes(facts: Facts) -> Found:
    """A renamed class leaves nothing under its old name."""
    for cls in facts.classes:
        name = cls.text("previous_name")
        if name and name in facts.schema.classes:
            place = cls.origin.value("annotations", "previous_name")
            yield (
                place,
                f"class `{cls.name}` was `{name}` before, but `{name}` is still there",
                "remove `previous_name`, or that class",
            )


@rule("previous-slot")
def previous_slots(facts: Facts) -> Found:
    """A renamed slot leaves nothing under its old name."""
    for cls, slot in facts.slots:
        old = previous_name(facts.schema, slot)
        names = {column_name(facts.schema, one) for one in induced_slots(facts.schema, cls).values() if not one.multivalued}
        if old in names:
            place = slot.place("annotations", "previous_name")
            message = f"slot `{slot.name}` was `{slot.text('previous_name')}` before, but a slot of that name is still there"
            yield place, message, "remove `previous_name`, or that slot"


@rule("previous-twice")
def previous_names_of_two(facts: Facts) -> Found:
    """One column becomes one column."""
    taken: dict[tuple[str, str], str] = {}
    for cls, slot in facts.slots:
        old = previous_name(facts.schema, slot)
        if old and taken.setdefault((cls.name, old), slot.name) != slot.name:
            place = slot.place("annotations", "previous_name")
            other = taken[cls.name, old]
            message = f"slot `{slot.name}` was `{slot.text('previous_name')}` before, but `{other}` says that it was that, too"
            yield place, message, "remove `previous_name` of one of them"


@rule("added-without-default")
def added_without_default(facts: Facts) -> Found:
    """A new column that is not nullable needs a value for the rows that are there."""
    for cls, slot, old in changed_tables(facts):
        registry = facts.compiled.model.registry(cls.name)
        column = next((one for one in registry.columns if one.name == column_name(facts.schema, slot)), None)
        if column is None or column.nullable or column.db_default is not None:
            continue
        before = {one.name for one in old.columns}
        if column.name not in before and column.previous_name not in before:
            message = f"slot `{slot.name}` is new and required, but `{cls.name}` may have rows, and there is no value for them"
            yield slot.place("required"), message, "give it the annotation `db_default`, or remove `required: true`"


def changed_tables(facts: Facts) -> Iterator[tuple[RawClass, RawSlot, Registry]]:
    """Slots of classes that had a table before, with that table."""
    before = {registry.name: registry for registry in facts.previous or ()}
    for cls in facts.tables:
        if old := before.get(cls.name) or before.get(cls.text("previous_name") or ""):
            for slot in induced_slots(facts.schema, cls).values():
                yield cls, slot, old
