"""Names that several declarations claim: attributes of a record, tables, constraints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lamin_codegen.compiling.columns import column_name
from lamin_codegen.compiling.inheritance import induced_slots
from lamin_codegen.compiling.relations import Added
from lamin_codegen.problems import Place
from lamin_codegen.reading.raw import RawClass, RawSlot
from lamin_codegen.rules.rule import Facts, Found, rule


@dataclass(frozen=True, slots=True)
class Claim:
    """A declaration that gives a registry an attribute of some name."""

    by: str
    """Who declares it, as `Biosample.donor`."""
    place: Place
    is_own: bool
    is_slot: bool


@rule("relation-name")
def relation_names(facts: Facts) -> Found:
    """Two relations of one name on one registry; also a relation and a slot or column of one name."""
    taken: dict[tuple[str, str], Claim] = {}
    for host, name, claim in claims(facts):
        first = taken.setdefault((host, name), claim)
        if first == claim or not (first.is_own or claim.is_own):
            continue
        mine, other = (claim, first) if claim.is_own else (first, claim)
        elsewhere = f"`{other.by}` ({other.place.file}:{other.place.line})"
        message = f"the attribute `{name}` of `{host}` comes from `{mine.by}` and from {elsewhere}"
        yield mine.place, message, "rename the slot" if mine.is_slot else "give one of them another `reverse`"


def claims(facts: Facts) -> Iterator[tuple[str, str, Claim]]:
    """Return who gives which attribute to which registry, in the order of the files."""
    schema = facts.compiled.schema
    for cls in schema.classes.values():
        if not cls.abstract:
            for slot in induced_slots(schema, cls).values():
                if not slot.multivalued:
                    yield from slot_claims(facts, cls, slot)
    for added in facts.compiled.added:
        yield added.host.name, added.relation.name, relation_claim(facts, added)


def slot_claims(facts: Facts, cls: RawClass, slot: RawSlot) -> Iterator[tuple[str, str, Claim]]:
    """Return what a slot with a column claims: its own name, and that of the column."""
    claim = Claim(f"{cls.name}.{slot.name}", slot.place(), cls.module == facts.schema.module, is_slot=True)
    yield cls.name, slot.name, claim
    yield cls.name, column_name(facts.compiled.schema, slot), claim


def relation_claim(facts: Facts, added: Added) -> Claim:
    """Return the claim of a relation."""
    by = f"{added.owner.name}.{added.slot.name}"
    return Claim(by, added.place, added.module == facts.schema.module, is_slot=not added.is_back)


@rule("repeated-table")
def repeated_tables(facts: Facts) -> Found:
    """Two classes with one table, or with names that differ in capitals only: they would share a file."""
    tables: dict[str, RawClass] = {}
    files: dict[tuple[str, str], RawClass] = {}
    for cls in facts.compiled.schema.classes.values():
        if cls.abstract:
            continue
        table, file = tables.setdefault(cls.table, cls), files.setdefault((cls.module, cls.name.lower()), cls)
        if cls.module != facts.schema.module:
            continue
        if table is not cls:
            message = f"class `{cls.name}` has the table `{cls.table}`, as has `{table.name}`"
            yield cls.origin.value("annotations", "table"), message, "write another name with the annotation `table`"
        elif file is not cls:
            yield cls.origin.key(), f"class `{cls.name}` differs from `{file.name}` in capitals only", "rename one of them"


@rule("repeated-unique-key")
def repeated_constraints(facts: Facts) -> Found:
    """Names of indexes are shared by all tables of a database."""
    seen: dict[str, str] = {}
    model = facts.compiled.model
    for registry in (*model.known.values(), *model.registries):
        for unique in registry.uniques:
            other = seen.setdefault(unique.name, registry.name)
            if other != registry.name and registry.module == model.module:
                place = facts.compiled.schema.classes[registry.name].origin.value("unique_keys", unique.name)
                message = f"unique key `{unique.name}` of class `{registry.name}` has the name of one of `{other}`"
                yield place, message, "rename it: names of keys are shared by all tables"
