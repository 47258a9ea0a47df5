"""Groups of settings: properties with a docstring each, that know their names, can be switched for a block, and are listed.

A setting is a property, and needs no other declaration. The name of a group within a group stands in `_grouped`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from lamindb.errors import InvalidArgument, closest


class SettingsGroup:
    """Settings that belong together. An unknown name is an error, on reading and on assigning."""

    _called: ClassVar[str] = "ln.settings"
    _grouped: ClassVar[tuple[str, ...]] = ()
    """Properties that give groups."""
    _lasting: ClassVar[frozenset[str]] = frozenset()
    """Settings that outlive the process, so that a block cannot be sure to put them back."""
    _connected: ClassVar[frozenset[str]] = frozenset()
    """Settings that nobody can tell before a database is connected."""

    @contextmanager
    def using(self, **values: Any) -> Iterator[Self]:
        """Give settings other values within a block, and put them back after it, however it ends.

        Parameters
        ----------
        **values
            Settings by name; those of a group begin with its name, as `creation_search_names`.

        Raises
        ------
        InvalidArgument: a setting does not exist, cannot be switched for a block, or does not take the value. Nothing is then
        switched.

        Examples
        --------
        >>> with ln.settings.using(creation_search_names=False, track_run_inputs=False):
        ...     ln.settings.creation.search_names
        False
        """
        found = [(*self._find(name), value) for name, value in values.items()]
        before: list[tuple[SettingsGroup, str, Any]] = []
        try:
            for group, name, value in found:
                old = getattr(group, name)
                setattr(group, name, value)
                before.append((group, name, old))
            yield self
        finally:
            for group, name, old in reversed(before):
                setattr(group, name, old)

    @classmethod
    def _properties(cls) -> dict[str, property]:
        """Return the settings: first what can be set, then what is only shown, by name."""
        found = {
            name: value
            for owner in reversed(cls.__mro__)
            for name, value in vars(owner).items()
            if isinstance(value, property) and not name.startswith("_")
        }
        return dict(sorted(found.items(), key=lambda one: (one[1].fset is None, one[0])))

    def _find(self, asked: str) -> tuple[SettingsGroup, str]:
        """Return the group that has a setting, and what it is called there."""
        homes: dict[str, tuple[SettingsGroup, str]] = {
            name: (self, name) for name, found in self._properties().items() if found.fset is not None
        }
        for prefix in self._grouped:
            group: SettingsGroup = getattr(self, prefix)
            homes |= {f"{prefix}_{name}": (group, name) for name, found in group._properties().items() if found.fset is not None}
        if asked in self._lasting:
            raise InvalidArgument(
                f"{asked} outlives this process, so it is not switched for a block; ln.track(branch=…, space=…) "
                "chooses where the records of one run go"
            )
        if asked not in homes:
            raise InvalidArgument(f"{self._called} has no setting {asked!r}{closest(asked, homes)}")
        return homes[asked]

    def __setattr__(self, name: str, value: Any) -> None:
        known = self._properties()
        if name not in known:
            raise AttributeError(f"{self._called} has no setting {name!r}{closest(name, known)}")
        if known[name].fset is None:
            raise AttributeError(f"{self._called}.{name} is only shown: it cannot be set")
        super().__setattr__(name, value)

    if not TYPE_CHECKING:  # for type checkers an unknown setting is an error

        def __getattr__(self, name: str) -> Any:
            raise AttributeError(f"{self._called} has no setting {name!r}{closest(name, self._properties())}")

    def _listed(self, *, is_connected: bool, prefix: str = "") -> list[tuple[str, str, str]]:
        """Return name, value and first sentence of the documentation of each setting."""
        rows = []
        for name, found in self._properties().items():
            value = getattr(self, name) if is_connected or name not in self._connected else None
            if isinstance(value, SettingsGroup):
                rows += value._listed(is_connected=is_connected, prefix=f"{name}.")
            else:
                line = (found.__doc__ or "").strip().split("\n")[0]
                rows.append((f"{prefix}{name}", _shown(value), line))
        return rows

    def _title(self) -> str:
        return self._called

    def __repr__(self) -> str:
        rows = self._listed(is_connected=self._is_connected())
        names, values = (max(len(row[place]) for row in rows) for place in (0, 1))
        return "\n".join(
            [self._title(), *(f"  {name:<{names}}  {value:<{values}}  {line}".rstrip() for name, value, line in rows)]
        )

    def _repr_html_(self) -> str:
        rows = self._listed(is_connected=self._is_connected())
        cells = "".join(
            "<tr>" + "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in row) + "</tr>" for row in rows
        )
        return f"<div><div><b>{escape(self._title())}</b></div><table>{cells}</table></div>"

    def _is_connected(self) -> bool:
        return False


def _shown(value: object) -> str:
    """Return a value as it is listed: of an instance or a user the name, which holds no password."""
    for name in ("slug", "handle", "root"):
        if hasattr(value, name) and not isinstance(value, Path):
            return str(getattr(value, name))
    return ", ".join(map(str, value)) if isinstance(value, tuple) else "–" if value is None else str(value)
