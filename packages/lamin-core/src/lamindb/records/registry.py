"""The class side of registries: what `ULabel` itself answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm.decl_api import DeclarativeAttributeIntercept

from lamindb import catalog
from lamindb.errors import ObjectDoesNotExist, closest
from lamindb.records.relations import descriptor


class Registry(DeclarativeAttributeIntercept):
    """Metaclass of all registries."""

    __qualified__: str
    __abstract__: bool

    if not TYPE_CHECKING:  # for type checkers an unknown attribute is an error

        def __getattr__(cls, name: str) -> Any:
            # Relations that another module adds to this registry are made when first asked for.
            if name.startswith("_") or "__tablename__" not in cls.__dict__:
                raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
            if name == "DoesNotExist":
                made = type(
                    "DoesNotExist",
                    (ObjectDoesNotExist,),
                    {"__module__": cls.__module__, "__qualname__": f"{cls.__name__}.{name}"},
                )
                type.__setattr__(cls, name, made)
                return made
            entry = catalog.entry(cls.__qualified__)
            if relation := entry["relations"].get(name):
                made_relation = descriptor(relation)
                made_relation.__set_name__(cls, name)
                type.__setattr__(cls, name, made_relation)
                return made_relation
            fields = [*entry["columns"], *entry["relations"]]
            raise AttributeError(f"{cls.__name__} has no attribute {name!r}{closest(name, fields)}")

    def __repr__(cls) -> str:
        return cls.__name__
