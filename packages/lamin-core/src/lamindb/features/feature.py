"""Features: named dimensions of measurement with a data type, such as the columns of a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import lamindb_setup

from lamindb._registries.columns.feature import FeatureColumns
from lamindb.errors import FieldValidationError, ValidationError
from lamindb.features import checking, declaring, dtypes
from lamindb.records import construction, identity, saving
from lamindb.records.construction import UNSET
from lamindb.records.signatures import named_errors

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb._registries.branch import Branch
    from lamindb._registries.feature import Feature
    from lamindb._registries.run import Run
    from lamindb._registries.space import Space


class FeatureBehavior(FeatureColumns):
    """A dimension of measurement, known by its name and with one data type.

    A name stands for one feature within its type. Whether it exists is looked up when it is constructed, because another data
    type under its name is an error.
    """

    __abstract__ = True
    _accepts: ClassVar[frozenset[str]] = frozenset({"_dtype_str"})

    @named_errors
    def __init__(  # noqa: PLR0913  # the arguments that people know
        self,
        name: str,
        dtype: Any = None,
        *,
        type: Feature | str | None = UNSET,
        is_type: bool | None = None,
        description: str | None = None,
        unit: str | None = None,
        synonyms: str | None = None,
        nullable: bool | None = None,
        default_value: Any = None,
        coerce: bool | None = None,
        run: Run | None = None,
        branch: Branch | str | None = None,
        space: Space | str | None = None,
    ) -> None:
        """Make a feature, or get the one with this name; nothing is written before `save`.

        Parameters
        ----------
        name
            As in the header of a column.
        dtype
            `int`, `float`, `str`, `bool`, `dict`, `datetime.date`, `datetime.datetime`, or a list of one of these, as
            `list[int]`; for categoricals a registry (`ln.ULabel`), a field of one (`ln.Artifact.key`), a type (a saved `ULabel`
            with `is_type=True`) or a list of registries; or text such as `cat[ULabel]`. Only a feature that is a type needs none.
        type
            The type that the feature belongs to. Left out, a feature with this name is found under any type.
        is_type
            Whether other features can belong to this one.
        description
            What is measured.
        unit
            Unit of measurement, as `mg/l`.
        synonyms
            Other names, separated by `|`.
        nullable
            Whether values may be missing; by default they may.
        default_value
            Stands in for a missing value.
        coerce
            Whether validation may convert values to the data type.
        run
            The run in which the feature was made.
        branch, space
            Where the row lives; never changed on a feature that exists.

        Raises
        ------
        FieldValidationError: an argument is unknown, missing, of the wrong type or too long.
        ValidationError: the data type does not exist, or a feature with this name has another one.
        InvalidArgument: a record passed as data type is no saved type.
        """
        values = construction.passed(locals(), "dtype")
        if dtype is not None:
            declared = declaring.dtype_of(dtype)
            checking.check_names(declared)
            values["_dtype_str"] = str(declared)
        elif not is_type:
            raise FieldValidationError(
                f"cannot make a Feature: dtype is required, as Feature({name!r}, float); only a type needs none"
            )
        construction.fill(self, (), values)
        identity.resolve(self)
        if self._database is None:
            self.__dict__.setdefault("nullable", None if is_type else True)  # not as a change: a stored feature keeps its own
            if self._resolved and dtype is not None:
                checking.check_types(lamindb_setup.current(), declared)

    @property
    def dtype(self) -> str | None:
        """The data type as it is stored, as `cat[ULabel]`; None for a type without one."""
        return self._dtype_str

    @property
    def dtype_as_str(self) -> str | None:
        """The data type as it is stored: the same as `dtype`."""
        return self._dtype_str

    def _check_match(self, row: Mapping[str, Any]) -> None:
        passed, stored = self.__dict__.get("_dtype_str"), row["_dtype_str"]
        if passed is None or passed == _canonical(stored):
            self.__dict__.pop("_dtype_str", None)
            return
        raise ValidationError(
            f"the feature {row['name']!r} exists with the dtype {stored!r}, not {passed!r}; "
            "use that dtype, or another name or type for the new feature"
        )

    def _complete(self, database: Database) -> None:
        if not self._resolved and self._dtype_str is not None:  # made while no database was connected
            checking.check_types(database, dtypes.parse(self._dtype_str))

    def _before_update(self, transaction: Transaction) -> None:
        if self._dtype_str is None and saving.changed(self).get("is_type") is False:
            raise FieldValidationError(f"the feature {self.name!r} has no dtype, so it has to stay a type")
        changed = saving.changed(self).get("_dtype_str")
        if changed is not None:
            declared = dtypes.parse(changed)
            checking.check_names(declared)
            if self._database is not None:
                checking.check_types(self._database, declared)


def _canonical(text: str | None) -> str | None:
    """Write a stored data type as one that is passed; what cannot be read stays as it is."""
    try:
        return None if text is None else str(dtypes.parse(text))
    except ValidationError:
        return text
