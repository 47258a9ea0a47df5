"""What a key may look like. A key is a path below a storage root, so nothing in it may lead out of it or mean two things."""

from __future__ import annotations

import os
import unicodedata

from lamindb.artifacts.suffixes import CanonicalSuffix
from lamindb.errors import FieldValidationError, InvalidArgument

LONGEST = 1024
"""Characters, as the column has it on both databases."""


def check_key(key: object) -> str:
    """Return a key that may be stored.

    Raises
    ------
    FieldValidationError: it is no text, or longer than 1024 characters.
    InvalidArgument: it is empty, absolute, leads out of the storage or into its `.lamindb` folder, or has a character that no
        path can have.
    """
    if not isinstance(key, str):
        raise FieldValidationError(f"key must be a str or None, not {type(key).__name__}: {key!r}")
    if len(key) > LONGEST:
        raise FieldValidationError(f"key has {len(key)} characters, at most {LONGEST} can be stored: {key[:40]!r}…")
    if problem := _problem(key):
        raise InvalidArgument(f"key {key!r} {problem}")
    return key


def check_real_key(name: str) -> str:
    """Return the path of a file in a storage that may be stored, whatever else a key may not have.

    Raises
    ------
    FieldValidationError: it is longer than 1024 characters.
    InvalidArgument: it has bytes that no text can hold.
    """
    if len(name) > LONGEST:
        raise FieldValidationError(f"{name[:40]!r}… has {len(name)} characters, at most {LONGEST} can be stored")
    if any(unicodedata.category(c) == "Cs" for c in name):
        raise InvalidArgument(f"the path {name!r} has a character that no text can hold; rename the file")
    return name


def check_suffix(key: str, path: str | os.PathLike[str], *, is_folder: bool = False) -> None:
    """Check that a key names the same type of file as the path does; the case of letters does not matter.

    In the names of folders, what follows a dot is a suffix only if it is a known one.

    Raises
    ------
    InvalidArgument: the suffixes differ.
    """
    of_key, of_path = (CanonicalSuffix.extract_from_path(name)[not is_folder] for name in (key, path))
    if of_key != of_path:
        raise InvalidArgument(
            f"key {key!r} has suffix {str(of_key)!r}, but the {'folder' if is_folder else 'file'} {os.fspath(path)!r} has "
            f"{str(of_path)!r}; give both the same suffix"
        )


def _problem(key: str) -> str | None:
    segments = key.split("/")
    problems = {
        "is empty; pass None or a path below the storage root, as 'plates/a.csv'": not key,
        "has a backslash; write folders with '/'": "\\" in key,
        "has a character that no text can hold; rename the file": any(unicodedata.category(c) == "Cs" for c in key),
        "has a control character; leave it out": any(unicodedata.category(c) == "Cc" for c in key),
        "starts with '/'; a key is a path below the storage root": key.startswith("/"),
        "starts with '~'; a key is a path below the storage root": segments[0].startswith("~"),
        "has the segment '.' or '..'; a key names its folders outright": not {".", ".."}.isdisjoint(segments),
        "has a segment '.lamindb', the folder in which lamin keeps its own files; choose another": ".lamindb" in segments,
        "has an empty segment; write '/' once between folders and not at the end": "" in segments,
    }
    return next((problem for problem, found in problems.items() if found), None)
