"""What may be passed as `dtype`: text, Python types, registries, their fields, their types, pandas and numpy dtypes."""

from __future__ import annotations

import types
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, get_args, get_origin

from sqlalchemy.orm import InstrumentedAttribute

from lamindb import catalog
from lamindb.errors import FieldValidationError, InvalidArgument
from lamindb.features.dtypes import NAME, Categorical, Dtype, ListOf, Ref, Word, parse

WORD_OF_TYPE: Mapping[type, str] = {
    **{kind: kind.__name__ for kind in (int, float, str, bool, dict, date, datetime)},
    object: "object",
}
WORD_OF_KIND: Mapping[str, str] = {
    "i": "int",
    "u": "int",
    "f": "float",
    "b": "bool",
    "M": "datetime",
    **dict.fromkeys("OSUT", "str"),
}
"""Words by the one-letter kind of a numpy or pandas dtype."""


def dtype_of(value: object) -> Dtype:
    """Return the data type that an argument stands for.

    Raises
    ------
    ValidationError: it stands for none.
    InvalidArgument: a record is no type, not saved, or one of several.
    """
    if isinstance(value, str):
        return parse(value)
    if isinstance(value, types.UnionType):
        value = get_args(value)
    if isinstance(value, list | tuple):
        return Categorical(tuple(_ref(one, alone=len(value) == 1) for one in value)) if value else parse(str(value))
    if isinstance(value, type) and value in WORD_OF_TYPE:
        return Word(WORD_OF_TYPE[value])
    if isinstance(value, types.GenericAlias):
        return _generic(value)
    if _is_array_dtype(value):
        return _array_dtype(value)
    return Categorical((_ref(value, alone=True),))


def _generic(value: types.GenericAlias) -> Dtype:
    if get_origin(value) is list:
        return ListOf(dtype_of(get_args(value)[0]))
    if get_origin(value) is dict:
        return Word("dict")
    raise _no_dtype(value)


def _is_array_dtype(value: object) -> bool:
    is_ours = isinstance(value, type | InstrumentedAttribute) or hasattr(value, "__qualified__")
    return not is_ours and hasattr(value, "kind") and hasattr(value, "name")


def _array_dtype(value: Any) -> Dtype:
    """Translate the dtype of a numpy array or a pandas column."""
    name = str(value)
    if name == "category":
        return Categorical((Ref("ULabel"),))
    if name.startswith("datetime64[") and "," in name:
        return Word("datetime64[ns, UTC]")
    if value.kind not in WORD_OF_KIND or name.startswith(("period", "interval")):
        raise _no_dtype(value)
    return Word(WORD_OF_KIND[value.kind])


def _ref(value: Any, *, alone: bool) -> Ref:
    """Return what a registry, a field of one or a type stands for."""
    if isinstance(value, InstrumentedAttribute):
        return Ref(_written(value.class_.__qualified__), None if value.key == NAME else value.key)
    qualified = getattr(value, "__qualified__", None)
    if qualified is None:
        raise _no_dtype(value)
    if isinstance(value, type):
        return Ref(_written(qualified))
    return _type(value, qualified, alone)


def _type(value: Any, qualified: str, alone: bool) -> Ref:
    kind = qualified.rpartition(".")[2]
    if "is_type" not in catalog.entry(qualified)["columns"] or not value.is_type:
        raise InvalidArgument(f"{value!r} is no type, so it is no dtype; pass the registry {kind}, or a {kind} with is_type=True")
    if value.database is None:
        raise InvalidArgument(f"the type {value.name!r} is not saved yet: call .save() on it before it is used as a dtype")
    if not alone:
        raise InvalidArgument(f"the type {value.name!r} cannot be one of several in a dtype; pass the registry {kind}")
    return Ref(_written(qualified), type_uid=value.uid)


def _written(qualified: str) -> str:
    return qualified.removeprefix("lamindb.")


def _no_dtype(value: object) -> FieldValidationError:
    words = ", ".join(kind.__name__ for kind in WORD_OF_TYPE if kind is not object)
    return FieldValidationError(
        f"{value!r} is no dtype; pass {words}, list[…] of these, a registry such as ln.ULabel, or text such as 'cat[ULabel]'"
    )
