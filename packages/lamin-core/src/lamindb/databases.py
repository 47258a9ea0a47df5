"""Handles on databases other than the current one, for reading side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lamindb_setup

from lamindb import catalog
from lamindb.errors import ModuleNotInDatabase, RegistryNotFound, closest

if TYPE_CHECKING:
    from lamindb.query.queryset import QuerySet


class DB:
    """A database as a handle: `ln.DB("owner/name").Artifact.filter(...)`.

    Every registry is an attribute, those of other modules below the module's name, as `db.bionty.Gene`.
    The current database stays what it is; any number of handles can be used side by side and from several threads.

    Parameters
    ----------
    instance
        Name, `owner/name`, path of a project, storage root or database file, or a database URL.
    read_only
        Refuse to write through this handle.

    Raises
    ------
    InstanceNotFoundError: nothing is known under this name.

    Examples
    --------
    >>> ln.DB("./mydir").Artifact.filter().count()
    0
    """

    def __init__(self, instance: str, *, read_only: bool = False) -> None:
        self._database = lamindb_setup.open_database(instance, read_only=read_only)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return Namespace(self._database, "lamindb").__getattr__(name)

    def __dir__(self) -> list[str]:
        return sorted([*dir(Namespace(self._database, "lamindb")), *self._database.instance.modules])

    def __repr__(self) -> str:
        return f"DB({self._database.slug!r})"


class Namespace:
    """The registries of one module in one database."""

    def __init__(self, database: Any, module: str) -> None:
        self._database, self._module = database, module

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        qualified = f"{self._module}.{name}"
        if qualified in catalog.entries():
            if not self._database.has_module(self._module):
                raise ModuleNotInDatabase(f"the database {self._database.slug} does not have the module {self._module!r}")
            registry = catalog.registry(qualified)
            found: QuerySet[Any] = registry._all(self._database)
            return found
        if self._module == "lamindb" and any(known.startswith(f"{name}.") for known in catalog.entries()):
            return Namespace(self._database, name)
        raise RegistryNotFound(f"{self._database.slug} has no registry {name!r}{closest(name, dir(self))}")

    def __dir__(self) -> list[str]:
        prefix = f"{self._module}."
        return sorted(
            qualified.removeprefix(prefix)
            for qualified, entry in catalog.entries().items()
            if qualified.startswith(prefix) and not entry["link"]
        )

    def __repr__(self) -> str:
        return f"<{self._module} in {self._database.slug}>"
