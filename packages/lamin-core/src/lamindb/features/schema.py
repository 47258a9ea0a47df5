"""Schemas as rows: what a dataset must look like. Their members and slots are not handled yet."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from lamindb._registries.columns.schema import SchemaColumns
from lamindb.errors import FieldValidationError, InvalidArgument, ValidationError
from lamindb.features import checking, declaring, dtypes
from lamindb.features.dtypes import Categorical, Ref
from lamindb.records import construction, identity, saving
from lamindb.records.construction import UNSET
from lamindb.records.signatures import named_errors

if TYPE_CHECKING:
    from lamindb_setup.databases import Database, Transaction

    from lamindb._registries.branch import Branch
    from lamindb._registries.run import Run
    from lamindb._registries.schema import Schema
    from lamindb._registries.space import Space

CODES: Mapping[str, str] = {
    "_dtype_str": "a",
    "itype": "b",
    "minimal_set": "c",
    "ordered_set": "d",
    "maximal_set": "e",
    "flexible": "f",
    "coerce": "g",
    "suffix": "m",
    "otype": "o",
}
"""Letters under which columns enter the hash; those of LaminDB, which does not hash the otype."""
CONTENT = frozenset(CODES)


class SchemaBehavior(SchemaColumns):
    """What a dataset must look like: known by its name, or by its content if it has none.

    A schema that exists is looked up when it is constructed, because other content under its name is an error.
    """

    __abstract__ = True
    _accepts: ClassVar[frozenset[str]] = frozenset({"_dtype_str"})
    _saved_one_by_one: ClassVar[bool] = True
    _notes_renames: ClassVar[bool] = False

    @named_errors
    def __init__(  # noqa: PLR0913  # the arguments that people know
        self,
        *,
        name: str | None = None,
        description: str | None = None,
        itype: Any = None,
        type: Schema | str | None = UNSET,
        is_type: bool | None = None,
        flexible: bool | None = None,
        otype: str | None = None,
        suffix: str | None = None,
        dtype: Any = None,
        minimal_set: bool | None = None,
        maximal_set: bool | None = None,
        ordered_set: bool | None = None,
        coerce: bool | None = None,
        run: Run | None = None,
        branch: Branch | str | None = None,
        space: Space | str | None = None,
    ) -> None:
        """Make a schema, or get the one with this name, or without a name the one with this content; `save` writes it.

        Parameters
        ----------
        name
            Within its type, a name stands for one schema.
        description
            What the schema is for.
        itype
            The registry of the members, as `ln.Feature`, a field of one, as `bt.Gene.ensembl_gene_id`, or either as text.
        type
            The type that the schema belongs to. Left out, a schema with this name is found under any type.
        is_type
            Whether other schemas can belong to this one. Such a type has a name and no content.
        flexible
            Whether columns beyond the members are validated, too; by default where there are no members.
        otype
            Type of the object that is described, as `AnnData`.
        suffix
            Suffix of artifacts with this schema, as `.h5ad`.
        dtype
            Data type that all members share; by default `num`, where the members are not features.
        minimal_set, maximal_set, ordered_set
            Whether all members must be there, no others may be there, and whether they come in order.
        coerce
            Whether validation may convert values.
        run
            The run in which the schema was made.
        branch, space
            Where the row lives; never changed on a schema that exists.

        Raises
        ------
        FieldValidationError: an argument is unknown, of the wrong type or too long.
        ValidationError: a registry or data type does not exist, or the schema with this name has other content.
        InvalidArgument: neither itype nor otype nor is_type says what the schema is about.
        """
        values = construction.passed(locals(), "itype", "dtype")
        _check_given(name, itype, otype, is_type)
        values |= _of_members(itype, dtype, is_type)
        if coerce is False:
            del values["coerce"]  # stored as NULL, as in LaminDB
        construction.fill(self, (), values)
        if not is_type:
            self.__dict__.setdefault("flexible", True)
            self.hash = content_hash(self)
        identity.resolve(self)

    @property
    def dtype(self) -> str | None:
        """The data type that all members share, as it is stored; None where each has its own."""
        return self._dtype_str

    def _natural_key(self) -> dict[str, Any] | None:
        if self.__dict__.get("name") is not None:
            return super()._natural_key()
        content = self.__dict__.get("hash")
        return {"hash": content} if content is not None else None

    def _check_match(self, row: Mapping[str, Any]) -> None:
        passed = self.__dict__.get("hash")
        if passed is not None and passed != row["hash"]:
            raise ValidationError(
                f"the schema {row['name']!r} exists with other content (itype {row['itype']!r}, otype {row['otype']!r}); "
                "choose another name for the new one"
            )
        for name in CONTENT & set(self.__dict__):
            del self.__dict__[name]  # says the same as the row

    def _complete(self, database: Database) -> None:
        if not self.is_type:
            self.hash = content_hash(self)

    def _before_update(self, transaction: Transaction) -> None:
        if changed := sorted({name.removesuffix("_str").lstrip("_") for name in CONTENT & set(saving.changed(self))}):
            raise InvalidArgument(
                f"the {', '.join(changed)} of a saved schema never changes, as datasets were validated with it; make a new Schema"
            )


def _check_given(name: str | None, itype: Any, otype: str | None, is_type: bool | None) -> None:
    if is_type and name is None:
        raise FieldValidationError("cannot make a Schema: a type needs a name")
    if itype is None and otype is None and not is_type:
        raise InvalidArgument("a Schema needs itype (the registry of its members), otype (as 'AnnData') or is_type=True")


def _of_members(itype: Any, dtype: Any, is_type: bool | None) -> dict[str, str]:
    """Return the columns that say what the members are."""
    values = {} if itype is None else {"itype": _itype(itype)}
    if dtype is not None:
        values["_dtype_str"] = str(declaring.dtype_of(dtype))
    elif values.get("itype") != "Feature" and not is_type:
        values["_dtype_str"] = "num"
    return values


def _itype(value: Any) -> str:
    """Write the registry of members, with the field if it is not the name."""
    if isinstance(value, str):
        dtype = dtypes.parse(f"cat[{value}]")
    else:
        dtype = declaring.dtype_of(value)
    refs = dtype.refs if isinstance(dtype, Categorical) else ()
    if len(refs) != 1 or refs[0].type_uid is not None or refs[0].filters:
        raise ValidationError(f"itype must be a registry or a field of one, as ln.Feature, not {value!r}")
    if refs[0] != Ref("Feature"):
        checking.check_names(dtype)
    return str(refs[0])


def content_hash(schema: SchemaColumns) -> str:
    """Return the hash of what a schema without members demands: the recipe of LaminDB, and the otype."""
    values = {name: getattr(schema, name) for name in CONTENT}
    entries = []
    for name, code in CODES.items():
        value = values[name]
        if value is None or (name == "flexible" and value is True) or (name == "coerce" and not value):
            continue  # without members, flexible is what goes without saying
        entries.append(f"{code}={value}")
    return _digest(":".join(sorted(entries)))


def _digest(text: str) -> str:
    """Return the md5 of a text as URL-safe base64 without padding, 22 characters."""
    return urlsafe_b64encode(hashlib.md5(text.encode(), usedforsecurity=False).digest()).rstrip(b"=").decode("ascii")
