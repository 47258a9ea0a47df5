"""Hashing the whole content of a file: md5 as in existing databases, BLAKE3 where md5 would be slow.

Digests are URL-safe base64 without padding, cut to 22 characters: all 128 bits of md5, 132 bits of BLAKE3. Both release
the interpreter lock while they work.
"""

from __future__ import annotations

import hashlib
import os
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path

from blake3 import blake3

from lamindb.artifacts.content import ContentHash, FileState
from lamindb.artifacts.sources import opened, readable
from lamindb.errors import ArtifactUnreadable
from lamindb.progress import progress

MD5, BLAKE3, TREE = "md5", "blake3", "blake3-tree"
MD5_UP_TO = 50 * 1024 * 1024
"""Size in bytes, inclusive, up to which files carry an md5."""
CHUNK = 4 * 1024 * 1024
"""Bytes read at once: large enough for BLAKE3 to spread a chunk over the cores."""
WORTH_A_BAR = 256 * 1024 * 1024
"""Bytes from which on reading a file may take seconds."""


class Hasher:
    """Digest of content that arrives in pieces; the size, known beforehand, decides the algorithm where none is asked for."""

    def __init__(self, size: int, type: str | None = None) -> None:
        self.type = type or type_for(size)
        threads = blake3.AUTO if size > CHUNK else 1
        self._digest = hashlib.md5(usedforsecurity=False) if self.type == MD5 else blake3(max_threads=threads)
        self._size = 0

    def update(self, piece: memoryview) -> None:
        """Take in the next piece."""
        self._digest.update(piece)
        self._size += len(piece)

    def result(self) -> ContentHash:
        """Return the hash of all pieces so far."""
        return ContentHash(as_text(self._digest.digest()), self.type, self._size)


def type_for(size: int) -> str:
    """Return how files of a size are hashed."""
    return MD5 if size <= MD5_UP_TO else BLAKE3


def as_text(digest: bytes) -> str:
    """Write a digest as the column `hash` holds it."""
    return urlsafe_b64encode(digest).rstrip(b"=")[:22].decode("ascii")


def hash_file(path: Path, type: str | None = None) -> tuple[ContentHash, FileState]:
    """Hash a whole file; also gives the state in which it was, before and after.

    Raises
    ------
    ArtifactUnreadable: the file changed while it was read, or could not be read.
    ArtifactMissing, InvalidArgument: as `sources.opened`.
    """
    with opened(path) as (descriptor, before):
        hasher = Hasher(before.size, type)
        for piece in pieces(path, descriptor, before.size):
            hasher.update(piece)
        found = hasher.result()
        if FileState.of(os.fstat(descriptor)) != before or found.size != before.size:
            raise ArtifactUnreadable(f"the file {str(path)!r} changed while it was read; try again when nothing writes to it")
    return found, before


def hash_tree(files: Iterable[tuple[str, ContentHash]]) -> ContentHash:
    """Hash a folder from its files, each with its path below the folder and its BLAKE3.

    The digest is the BLAKE3 of one record for each file, in the order of their paths as bytes: the length of the path (eight
    bytes, the least significant first), the path, the size (eight bytes) and the hash of the content. Folders without files,
    times and permissions are no content.
    """
    digest, size, count = blake3(), 0, 0
    for path, found in sorted((os.fsencode(name), found) for name, found in files):
        digest.update(len(path).to_bytes(8, "little") + path + found.size.to_bytes(8, "little") + found.value.encode("ascii"))
        size += found.size
        count += 1
    return ContentHash(as_text(digest.digest()), TREE, size, count)


def pieces(path: Path, descriptor: int, size: int) -> Iterator[memoryview]:
    """Yield the content piece by piece, each valid until the next is asked for; of a file that grew, one byte above `size`."""
    view = memoryview(bytearray(min(CHUNK, size + 1)))
    rest = size + 1
    with progress(f"reading {path.name}", size, "B", least=WORTH_A_BAR) as advance:
        while rest:
            with readable(path):
                n = os.readv(descriptor, [view[:rest]])
            if not n:
                return
            yield view[:n]
            rest -= n
            advance(n)
