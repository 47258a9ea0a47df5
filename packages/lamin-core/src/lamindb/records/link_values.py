"""What new links say besides what they link: a feature, a role, the settings of a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lamindb import catalog
from lamindb.errors import FieldValidationError, InvalidArgument, closest
from lamindb.records.construction import check_value
from lamindb.records.linking import FEATURE, says_features
from lamindb.records.passed import Taker

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

IDENTIFYING = frozenset({FEATURE, "role", "slot"})
"""Columns by which links between the same two records are told apart."""
FIXED = frozenset({"id", "created_at", "created_by"})


@dataclass(frozen=True, slots=True)
class Through:
    """The links of a relation.

    Parameters
    ----------
    name: the relation, for messages.
    link: qualified name of the link registry; empty where there is none.
    here, there: its columns.
    """

    name: str
    link: str
    here: str
    there: str

    def values(self, database: Database, feature: object, defaults: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the columns of new links that a caller gave, with their values.

        Raises
        ------
        FieldValidationError: links have no such field, or a value does not fit.
        InvalidArgument: there are no links, or their feature is missing or contradicts itself.
        ObjectDoesNotExist, UnsavedRecord, …: as for the record of a field.
        """
        if defaults is not None and not isinstance(defaults, Mapping):
            raise InvalidArgument(f"through_defaults is a dict, as {{'feature': feature}}, not {defaults!r}")
        if defaults and not self.link:
            raise InvalidArgument(f".{self.name} has no link rows, so that through_defaults means nothing there")
        found: dict[str, Any] = {}
        for name, value in (defaults or {}).items():
            column, value = self._value(database, name, value)
            found[column] = value
        if (given := self.feature(database, feature)) is not None and found.setdefault(FEATURE, given) != given:
            raise InvalidArgument("feature= and through_defaults name two different features; pass one of them")
        if found.get(FEATURE, 0) is None:
            del found[FEATURE]
        self.check_feature(found.get(FEATURE))
        return found

    def feature(self, database: Database, feature: object) -> int | None:
        """Return the id of a feature that is given by record, name, uid or id.

        Raises
        ------
        InvalidArgument: links of this relation have none.
        """
        if feature is None:
            return None
        if not self.says_features:
            raise InvalidArgument(f"links of .{self.name} say no feature; leave out feature=")
        return _one(database, "feature", "lamindb.Feature", feature)

    def check_feature(self, feature_id: int | None) -> None:
        """Raise if links must say a feature, but this is none.

        Raises
        ------
        InvalidArgument: so it is.
        """
        if feature_id is None and self.says_features and not catalog.registry(self.link).__table__.c[FEATURE].nullable:
            raise InvalidArgument(f".{self.name} holds values of features: say of which one, as add(record, feature=…)")

    def check_complete(self, values: Mapping[str, Any]) -> None:
        """Raise if new links need more than these values.

        Raises
        ------
        InvalidArgument: naming what is missing.
        """
        columns = catalog.registry(self.link).__table__.c
        for name in sorted(IDENTIFYING - {FEATURE}):
            if name in columns and not columns[name].nullable and values.get(name) is None:
                raise InvalidArgument(f"links of .{self.name} need a {name}: pass through_defaults={{{name!r}: …}}")

    @property
    def says_features(self) -> bool:
        """Whether links may say a feature."""
        return bool(self.link) and says_features(self.link, self.here, self.there)

    def _value(self, database: Database, name: object, value: Any) -> tuple[str, Any]:
        entry, columns = catalog.entry(self.link), catalog.registry(self.link).__table__.c
        ends = {self.here, self.there, *(side.removesuffix("_id") for side in (self.here, self.there))}
        one = {key: relation for key, relation in entry["relations"].items() if relation[0] == "one" and key not in ends}
        plain = [key for key in entry["columns"] if key not in ends | FIXED and not key.endswith("_id")]
        if not isinstance(name, str) or name.removesuffix("_id") not in {*one, *plain} - FIXED:
            known = sorted({*one, *plain} - FIXED)
            said = f"; they have {', '.join(known)}" if known else ""
            raise FieldValidationError(f"links of .{self.name} have no field {name!r}{closest(str(name), known) or said}")
        if (relation := one.get(name.removesuffix("_id"))) is not None:
            return relation[2], None if value is None else _one(database, name, relation[1], value)
        if problem := check_value(columns[name], value):
            raise FieldValidationError(f"cannot link over .{self.name}: {problem}")
        return name, value


def _one(database: Database, name: str, target: str, value: object) -> int:
    ids = Taker(name, target, database).ids([value])
    if len(ids) != 1:
        raise InvalidArgument(f"{name} is one {target.rpartition('.')[2]}, not {len(ids)}")
    if isinstance(value, int):  # a record was there when it was loaded, and a name was looked up just now
        catalog.registry(target)._all(database).get(ids[0])
    return ids[0]
