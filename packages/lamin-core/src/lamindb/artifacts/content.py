"""What is known about the content of a file, and the state in which the file was when that was found out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import NamedTuple, Self


@dataclass(frozen=True, slots=True)
class ContentHash:
    """Hash of the whole content of a file, as the columns `hash`, `_hash_type` and `size` hold it."""

    value: str
    """22 characters of URL-safe base64 without padding."""
    type: str
    """`md5` up to 50 MiB, `blake3` above."""
    size: int
    """Bytes."""


class FileState(NamedTuple):
    """What changes when a file changes. Equal states mean equal content, once the last change is old enough for the clock."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, stat: os.stat_result) -> Self:
        return cls(stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
