"""Source code on its way into a transform: its text without secrets, its hash, and which file it came from."""

from __future__ import annotations

import hashlib
import io
import logging
import tokenize
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamindb.errors import ArtifactMissing, ArtifactUnreadable
from lamindb.lineage import notebooks, redaction
from lamindb.lineage.roots import Root, keys_of, root_of

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

log = logging.getLogger("lamindb")

NOTEBOOKS = (".ipynb", ".Rmd", ".qmd")


@dataclass(frozen=True, slots=True)
class Code:
    """Source code as it is stored."""

    text: str
    hash: str
    """Of what is stored: code that differs in a secret only is the same."""

    @classmethod
    def of(cls, text: str, raw: bytes | None = None) -> Code:
        """Take secrets out of a text, and hash it; `raw` are the bytes of the file, where it came from one."""
        stored, count = redaction.in_source(text.replace("\0", ""))
        if count:
            hidden = "1 secret in the source code is" if count == 1 else f"{count} secrets in the source code are"
            log.warning("%s hidden; better read it from the environment", hidden)
        return cls(stored, hash_of(raw if raw is not None and not count else stored.encode("utf-8", "surrogatepass")))


def hash_of(data: bytes) -> str:
    """Return the md5 as the column `hash` holds it: 22 characters of URL-safe base64 without padding."""
    return urlsafe_b64encode(hashlib.md5(data, usedforsecurity=False).digest()).rstrip(b"=").decode("ascii")


@dataclass(frozen=True, slots=True)
class Source:
    """A piece of source code and what it is known by."""

    keys: tuple[str, ...]
    """The keys that it can have, the preferred one first; a key that the caller asked for is the only one."""
    kind: str | None
    """None for any kind."""
    code: Code | None
    """None while it is not known, as of a notebook that is still being edited."""
    path: Path | None = None
    root: Root | None = None
    title: str | None = None
    note: dict[str, Any] = field(default_factory=dict)
    """What the transform keeps to be found again: the names of its root, and its path in it."""


def of_text(text: str, key: str, kind: str) -> Source:
    """Return source code that lies in no file."""
    return Source((key,), kind, Code.of(text))


def of_file(path: Path, database: Database, key: str | None = None, kind: str | None = None) -> Source:
    """Read a source file.

    Raises
    ------
    ArtifactMissing: there is no such file.
    ArtifactUnreadable: it cannot be read, or a notebook is damaged.
    """
    path = path.resolve()
    kind = kind or ("notebook" if path.suffix in NOTEBOOKS else "script")
    code, title = read(path)
    if key is not None:
        return Source((key,), kind, code, path, title=title)
    root = root_of(path, database)
    note = {"root": root.names[0], "path": path.relative_to(root.path).as_posix()}
    return Source(tuple(keys_of(path, root)), kind, code, path, root, title, note)


def read(path: Path) -> tuple[Code, str | None]:
    """Read code, and the title of a notebook, from a file.

    Raises
    ------
    ArtifactMissing, ArtifactUnreadable: as `of_file`.
    """
    try:
        data = path.read_bytes()
        if path.suffix == ".ipynb":
            text, title = notebooks.to_percent(data)
            return Code.of(text), title
        return Code.of(_decoded(data, path), data), None
    except FileNotFoundError as error:
        raise ArtifactMissing(f"there is no source file {str(path)!r}") from error
    except (OSError, ValueError) as error:
        raise ArtifactUnreadable(f"the source file {str(path)!r} cannot be read: {error}") from error


def _decoded(data: bytes, path: Path) -> str:
    encoding = "utf-8"
    if path.suffix == ".py":
        try:
            encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
        except SyntaxError:  # an encoding that nobody knows; Python would not run it either
            encoding = "utf-8"
    return data.decode(encoding, "replace")
