"""Presets: short forms for link classes, expanded into the classes that a person would have to write.

On a class X:

`annotates: Artifact`            ArtifactX(artifact, x, feature or none), tracked; one row for a pair and feature
`values_in: Record`              RecordX(record, feature, value); one row for the three
`member_of: Schema`              SchemaX(schema, x); one row for a pair
a multivalued slot, no `through`  X_slot(x, target); one row for a pair

Each gives X a multivalued slot over its link class and the other side a relation back. What differs is written out in the schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from lamin_codegen.compiling.links import MadeLink, link_class, slot_links
from lamin_codegen.compiling.names import plural, snake
from lamin_codegen.reading.raw import Note, Origin, RawClass, RawKey, RawSchema, RawSlot

TRACKING = "TracksRun"
FEATURE = "Feature"
NEEDS: Mapping[str, tuple[str, ...]] = {"annotates": (TRACKING, FEATURE), "values_in": (FEATURE,), "member_of": ()}
"""Classes that the schema must know for a preset, besides the registry that it names."""


def expand(schema: RawSchema) -> RawSchema:
    """Return the schema with all link classes written out, each behind the class that asked for it.

    Presets that name what is not there are left alone, as are links whose name is taken; rules report both.
    """
    classes: dict[str, RawClass] = {}
    for cls in schema.classes.values():
        links = [] if cls.abstract else [*preset_links(schema, cls), *slot_links(schema, cls)]
        slots = {link.slot.name: link.slot for link in links if link.cls.name not in schema.classes}
        classes[cls.name] = replace(cls, attributes={**cls.attributes, **slots})
        for link in links:
            if link.cls.name not in schema.classes:
                classes.setdefault(link.cls.name, link.cls)
    return replace(schema, classes=classes)


def preset_links(schema: RawSchema, cls: RawClass) -> Iterator[MadeLink]:
    """Make the link classes that the annotations of `cls` ask for."""
    for preset, make in MAKERS.items():
        for host in hosts(cls, preset):
            if not missing(schema, preset, host) and host != cls.name:
                origin = Origin(cls.origin.tree, (*cls.origin.path, "annotations", preset))
                yield make(_Writer(schema, cls, schema.classes[host], origin))


def hosts(cls: RawClass, preset: str) -> list[str]:
    """Names of the registries that a preset of a class names."""
    return (cls.text(preset) or "").split()


def missing(schema: RawSchema, preset: str, host: str) -> list[str]:
    """Names that must be known for a preset and are not; the registry that it names first."""
    gone = [host] if host not in schema.classes or schema.classes[host].abstract else []
    return gone + [name for name in NEEDS[preset] if name not in schema.classes]


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the link class of one preset between the class that has the annotation and the host that it names."""

    schema: RawSchema
    cls: RawClass
    host: RawClass
    origin: Origin

    @property
    def x(self) -> str:
        return self.cls.name.lower()

    @property
    def h(self) -> str:
        return self.host.name.lower()

    @property
    def xs(self) -> str:
        return self.cls.text("plural") or plural(snake(self.cls.name))

    @property
    def hs(self) -> str:
        return self.host.text("plural") or plural(snake(self.host.name))

    def column(self, name: str, target: str, reverse: str, description: str, on_delete: str = "protect") -> RawSlot:
        notes: dict[str, Note] = {"on_delete": on_delete, "reverse": reverse}
        return RawSlot(name, description, target, required=True, notes=notes, origins=(self.origin,))

    def host_column(self, prefix: str, description: str) -> RawSlot:
        return self.column(self.h, self.host.name, f"{prefix}_{snake(self.cls.name)}", description, "cascade")

    def own_column(self, name: str, description: str) -> RawSlot:
        return self.column(name, self.cls.name, f"links_{snake(self.host.name)}", description)

    def feature_column(self, description: str) -> RawSlot:
        return self.column("feature", FEATURE, f"links_{self.h}{self.x}", description)

    def link(self, description: str, columns: list[RawSlot], *keys: RawKey, tracked: bool = False) -> RawClass:
        mixins = (TRACKING,) if tracked else ()
        name = f"{self.host.name}{self.cls.name}"
        return link_class(self.schema, self.cls, name, description, columns, keys, self.origin, mixins)

    def unique(self, slots: str, suffix: str = "", where: str = "") -> RawKey:
        name = f"unique_{self.h}{self.x}{suffix}"
        return RawKey(name, tuple(slots.split()), {"where": where} if where else {}, self.origin)

    def over(self, link: RawClass, slot: str, reverse: str, here: str, description: str) -> MadeLink:
        """The link with the slot of the class over it; `here` is the column that points to the class."""
        notes: dict[str, Note] = {"through": link.name, "here": here, "there": self.h, "reverse": reverse}
        many = RawSlot(slot, description, self.host.name, multivalued=True, notes=notes, origins=(self.origin,))
        return MadeLink(link, many, self.origin)


def annotation(write: _Writer) -> MadeLink:
    """Make the link of `annotates`."""
    x, host = write.cls.name, write.host.name
    columns = [
        write.host_column("links", f"{host} that is annotated."),
        write.own_column(write.x, f"{x} with which the {host} is annotated."),
        replace(write.feature_column(f"Feature under which the {host} has the {x}."), required=False),
    ]
    pair = f"{write.h} {write.x}"
    keys = (write.unique(f"{pair} feature", where="feature is not null"), write.unique(pair, "_null_feature", "feature is null"))
    link = write.link(f"Annotation of one {host} with one {x}.", columns, *keys, tracked=True)
    return write.over(link, write.hs, write.xs, write.x, f"{host} records that are annotated with it.")


def value(write: _Writer) -> MadeLink:
    """Make the link of `values_in`."""
    x, host = write.cls.name, write.host.name
    columns = [
        write.host_column("values", f"{host} that has the value."),
        write.feature_column("Feature of which it is the value."),
        write.own_column("value", f"{x} that is the value."),
    ]
    link = write.link(f"{x} as value of a feature of one {host}.", columns, write.unique(f"{write.h} feature value"))
    return write.over(link, f"linked_in_{write.hs}", f"linked_{write.xs}", "value", f"{host} records of which it is a value.")


def membership(write: _Writer) -> MadeLink:
    """Make the link of `member_of`."""
    x, host = write.cls.name, write.host.name
    columns = [write.host_column("links", f"{host} that has the member."), write.own_column(write.x, f"{x} that is the member.")]
    link = write.link(f"Membership of one {x} in one {host}.", columns, write.unique(f"{write.h} {write.x}"))
    return write.over(link, write.hs, write.xs, write.x, f"{host} records of which it is a member.")


MAKERS: Mapping[str, Callable[[_Writer], MadeLink]] = {"annotates": annotation, "values_in": value, "member_of": membership}
