"""Hashing the whole content of a file: md5 as in existing databases, BLAKE3 where md5 would be slow.

Digests are URL-safe base64 without padding, cut to 22 characters: all 128 bits of md5, 132 bits of BLAKE3. Both release
the interpreter lock while they work.
"""

from __future__ import annotations

import hashlib
import os
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path

from blake3 import blake3

from lamindb.artifacts.content import ContentHash, FileState
from lamindb.artifacts.sources import opened, readable
from lamindb.errors import ArtifactUnreadable

MD5_UP_TO = 50 * 1024 * 1024
"""Size in bytes, inclusive, up to which files carry an md5."""
CHUNK = 4 * 1024 * 1024
"""Bytes read at once: large enough for BLAKE3 to spread a chunk over the cores."""


class Hasher:
    """Digest of content that arrives in pieces; the size, known beforehand, decides the algorithm."""

    def __init__(self, size: int) -> None:
        self.type = "md5" if size <= MD5_UP_TO else "blake3"
        self._digest = hashlib.md5(usedforsecurity=False) if self.type == "md5" else blake3(max_threads=blake3.AUTO)
        self._size = 0

    def update(self, piece: memoryview) -> None:
        """Take in the next piece."""
        self._digest.update(piece)
        self._size += len(piece)

    def result(self) -> ContentHash:
        """Return the hash of all pieces so far."""
        value = urlsafe_b64encode(self._digest.digest()).rstrip(b"=")[:22].decode("ascii")
        return ContentHash(value, self.type, self._size)


def hash_file(path: Path) -> tuple[ContentHash, FileState]:
    """Hash a whole file; also gives the state in which it was, before and after.

    Raises
    ------
    ArtifactUnreadable: the file changed while it was read, or could not be read.
    ArtifactMissing, InvalidArgument: as `sources.opened`.
    """
    with opened(path) as (descriptor, before):
        hasher = Hasher(before.size)
        for piece in pieces(path, descriptor, before.size):
            hasher.update(piece)
        found = hasher.result()
        if FileState.of(os.fstat(descriptor)) != before or found.size != before.size:
            raise ArtifactUnreadable(f"the file {str(path)!r} changed while it was read; try again when nothing writes to it")
    return found, before


def pieces(path: Path, descriptor: int, size: int) -> Iterator[memoryview]:
    """Yield the content piece by piece, each valid until the next is asked for; of a file that grew, one byte above `size`."""
    view = memoryview(bytearray(min(CHUNK, size + 1)))
    rest = size + 1
    while rest:
        with readable(path):
            n = os.readv(descriptor, [view[:rest]])
        if not n:
            return
        yield view[:n]
        rest -= n
