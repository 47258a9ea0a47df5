"""Comparing files and folders with what rows say of them, in full where a hash covers only a part of the content.

LaminDB hashes files over 50 MiB by their first and last 50 MiB (`sha1-fl`), and folders by the md5 of their files without the
names (`md5-d`). Equal hashes make content worth comparing, no more. `md5-N`, of multipart uploads, occurs in clouds only.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from lamindb.artifacts import locating
from lamindb.artifacts.content import ContentHash, FileState
from lamindb.artifacts.folders import members
from lamindb.artifacts.hashing import CHUNK, MD5_UP_TO, TREE, as_text, type_for
from lamindb.artifacts.looking import look, present_state
from lamindb.artifacts.sources import opened, readable
from lamindb.artifacts.stat_cache import StatCache
from lamindb.artifacts.storages import Place
from lamindb.errors import ArtifactMissing, ArtifactUnreadable, InvalidArgument

FIRST_AND_LAST, FILES = "sha1-fl", "md5-d"


def is_unchanged(path: Path, row: Mapping[str, Any]) -> bool:
    """Whether a file or folder that others can write to has the content that its row says; read only if touched since then.

    Raises
    ------
    ArtifactMissing, ArtifactUnreadable, InvalidArgument: see `looking.look`.
    """
    if row["size"] is None:
        return True
    state = present_state(path)
    is_file = isinstance(state, FileState)
    files = [state] if isinstance(state, FileState) else [each for _, each in state]
    was_file = row["n_files"] is None and row["_hash_type"] not in (FILES, TREE)
    if sum(each.size for each in files) != row["size"] or is_file != was_file:
        return False
    touched = datetime.fromtimestamp(max((max(each.mtime_ns, each.ctime_ns) for each in files), default=0) / 1e9, UTC)
    is_older = touched < row["created_at"] - timedelta(seconds=2)
    return (is_older and row["n_files"] in (None, len(files))) or _has_hash(path, row)


def _has_hash(path: Path, row: Mapping[str, Any]) -> bool:
    """Whether a file or folder has the hash of a row, computed as that row says; hashes of unknown kinds prove nothing."""
    cache, type = StatCache.of_user(), row["_hash_type"]
    if type == FIRST_AND_LAST:
        found = partial_hash(path, cache)
    elif type == FILES:
        found = partial_hash_of_folder(path, cache)
    elif type == (TREE if path.is_dir() else type_for(row["size"])):
        found, _ = look(path, cache)
    else:
        return True
    return found.value == str(row["hash"])


def equal_rows(path: Path, content: ContentHash, alike: Sequence[dict[str, Any]], places: Mapping[int, Place]) -> frozenset[int]:
    """Return the ids of those rows whose bytes are the given content, all of it; bytes that are not there are not equal."""
    cache = StatCache.of_user()
    ours: ContentHash | None = None
    equal: set[int] = set()
    for row in alike:
        ours = ours or (partial_hash_of_folder(path, cache) if content.is_folder else partial_hash(path, cache))
        if row["hash"] == ours.value and (place := places.get(row["storage_id"])) is not None and _is(content, place, row, cache):
            equal.add(row["id"])
    return frozenset(equal)


def _is(content: ContentHash, place: Place, row: Mapping[str, Any], cache: StatCache) -> bool:
    try:
        return look(locating.path_below(place.root, row), cache)[0] == content
    except (ArtifactMissing, ArtifactUnreadable, InvalidArgument):
        return False


def partial_hash(path: Path, cache: StatCache) -> ContentHash:
    """Return the `sha1-fl` of a file of more than 50 MiB."""
    with opened(path) as (_, state):
        return cache.remember(state, FIRST_AND_LAST, lambda: _first_and_last(path))[0]


def _first_and_last(path: Path) -> tuple[ContentHash, FileState]:
    with opened(path) as (descriptor, state):
        ends = [_sha1(path, descriptor, start) for start in (0, state.size - MD5_UP_TO)]
    return ContentHash(as_text(hashlib.sha1(b"".join(ends), usedforsecurity=False).digest()), FIRST_AND_LAST, state.size), state


def _sha1(path: Path, descriptor: int, start: int) -> bytes:
    digest = hashlib.sha1(usedforsecurity=False)
    with readable(path):
        for offset in range(start, start + MD5_UP_TO, CHUNK):
            digest.update(os.pread(descriptor, min(CHUNK, start + MD5_UP_TO - offset), offset))
    return digest.digest()


def partial_hash_of_folder(folder: Path, cache: StatCache) -> ContentHash:
    """Return the `md5-d` of a folder: of the sorted hashes of its files, whatever their names."""
    found = members(folder)
    leaves = [_leaf(member.path, cache) for member in found]
    digest = hashlib.md5(usedforsecurity=False)
    for leaf in sorted(each.value for each in leaves):
        digest.update(hashlib.md5(leaf.encode(), usedforsecurity=False).digest())
    return ContentHash(as_text(digest.digest()), FILES, sum(each.size for each in leaves), len(found))


def _leaf(path: Path, cache: StatCache) -> ContentHash:
    with opened(path) as (_, state):
        pass
    return partial_hash(path, cache) if state.size > MD5_UP_TO else cache.hash_file(path)[0]
