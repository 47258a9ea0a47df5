"""What an inspection of names found, for people to read and for programs to go on with."""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lamindb.errors import closest

if TYPE_CHECKING:
    import pandas as pd

LISTED = 10
"""So many names are shown."""


def listed(names: list[Any], most: int = LISTED) -> str:
    """Return some names as they are written in messages."""
    return ", ".join(map(repr, names[:most])) + (", …" if len(names) > most else "")


class InspectResult:
    """Which of some values are names of records.

    Parameters
    ----------
    registry, field
        What the values were compared with.
    validated, non_validated
        The different values that are, and are not, names of records, in the order in which they came. Missing values are neither.
    synonyms_mapper
        For values that are spelled in another case or are synonyms, the name that they mean.
    n_missing, n_duplicates
        How many values were missing, and how many repeated one before.
    public
        For values that only a public source knows, the name that it gives them.

    Examples
    --------
    >>> result = ln.ULabel.inspect(["blood", "blood", None], mute=True)
    >>> result.validated, result.non_validated, result.n_unique, result.n_empty
    ([], ['blood'], 1, 2)
    >>> result["non_validated"]
    ['blood']
    """

    def __init__(  # what there is to tell
        self,
        registry: str,
        field: str,
        validated: list[Any],
        non_validated: list[Any],
        synonyms_mapper: Mapping[Any, Any],
        *,
        n_missing: int = 0,
        n_duplicates: int = 0,
        public: Mapping[Any, Any] | None = None,
        names: list[Any] | None = None,
    ) -> None:
        self.registry, self.field = registry, field
        self.validated, self.non_validated = validated, non_validated
        self.synonyms_mapper, self.public = dict(synonyms_mapper), dict(public or {})
        self.n_missing, self.n_duplicates = n_missing, n_duplicates
        self._names = names if names is not None else [*validated, *non_validated]

    @property
    def n_unique(self) -> int:
        """How many different values there are, missing ones aside."""
        return len(self._names)

    @property
    def n_empty(self) -> int:
        """How many values were left aside: missing ones and repetitions."""
        return self.n_missing + self.n_duplicates

    @property
    def percent_validated(self) -> float:
        """How many percent of the different values are names of records, to one decimal; 0 if there are none."""
        return round(100 * len(self.validated) / self.n_unique, 1) if self._names else 0.0

    @property
    def frac_validated(self) -> float:
        """The same as `percent_validated`: a percentage, as in LaminDB."""
        return self.percent_validated

    @property
    def df(self) -> pd.DataFrame:
        """The different values as index, with the column `__validated__`."""
        import pandas as pd  # takes longer to import than all of ours

        validated = set(self.validated)
        index = pd.Index(self._names, dtype=None if self._names else "object")
        return pd.DataFrame({"__validated__": [name in validated for name in self._names]}, index=index, dtype="bool")

    def __getitem__(self, key: str) -> list[Any]:
        """Return the `validated` or `non_validated` values.

        Raises
        ------
        KeyError: for another key.
        """
        known = {"validated": self.validated, "non_validated": self.non_validated}
        known |= {"mapped": self.validated, "not_mapped": self.non_validated}  # what they were called once
        if key not in known:
            raise KeyError(f"there is no {key!r}{closest(str(key), known)}; there are 'validated' and 'non_validated'")
        return known[key]

    def __repr__(self) -> str:
        return "\n".join(f"{said}{f': {names}' if names else ''}" for said, names in self._lines())

    def _repr_html_(self) -> str:
        rows = "".join(
            f'<tr><td style="text-align:left">{html.escape(said)}</td><td style="text-align:left">{html.escape(names)}</td></tr>'
            for said, names in self._lines()
        )
        return f"<table>{rows}</table>"

    def _lines(self) -> list[tuple[str, str]]:
        """Return what there is to say, and the names that it is about."""
        what = f"{self.registry}.{self.field}"
        lines = [(f"{len(self.validated):,} of {self.n_unique:,} validated as {what} ({self.percent_validated:g} %)", "")]
        others = [name for name in self.non_validated if name not in self.synonyms_mapper and name not in self.public]
        for found, said in ((self.synonyms_mapper, "spelled otherwise"), (self.public, "in the public source")):
            if found:
                pairs = [f"{name!r} → {meant!r}" for name, meant in list(found.items())[:LISTED]]
                lines.append((f"{len(found):,} {said}", ", ".join(pairs) + (", …" if len(found) > LISTED else "")))
        if others:
            lines.append((f"{len(others):,} unknown", listed(others)))
        for number, said in ((self.n_missing, "missing"), (self.n_duplicates, "repeated")):
            if number:
                lines.append((f"{number:,} {said}", ""))
        return lines
