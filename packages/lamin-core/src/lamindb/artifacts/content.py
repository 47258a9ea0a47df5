"""What is known about content, and the state in which a file was when that was found out."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import NamedTuple, Self


@dataclass(frozen=True, slots=True)
class ContentHash:
    """Hash of the whole content of a file or folder, as the columns `hash`, `_hash_type`, `size` and `n_files` hold it."""

    value: str
    """22 characters of URL-safe base64 without padding."""
    type: str
    """Of files `md5` up to 50 MiB and `blake3` above, of folders `blake3-tree`."""
    size: int
    """Bytes, of all files in a folder."""
    n_files: int | None = None
    """Number of files in a folder; None for a file."""

    @property
    def is_folder(self) -> bool:
        """Whether the content is that of a folder."""
        return self.n_files is not None


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
