"""Texts in UTF-8 and plain bytes."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from lamindb.artifacts.formats.registry import Format


def load_text(path: Path, *, encoding: str = "utf-8") -> str:
    """Read a text."""
    return path.read_text(encoding=encoding)


def open_text(path: Path, *, encoding: str = "utf-8") -> IO[str]:
    """Open a text to be read line by line."""
    return path.open(encoding=encoding)


def load_bytes(path: Path) -> bytes:
    """Read all bytes."""
    return path.read_bytes()


def open_bytes(path: Path) -> IO[bytes]:
    """Open the bytes."""
    return path.open("rb")


TEXT = Format("text", load_text, open_text)
BYTES = Format("bytes", load_bytes, open_bytes)
