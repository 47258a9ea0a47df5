"""Finding out what is in a file or a folder, and whether that is so still."""

from __future__ import annotations

from pathlib import Path

from lamindb.artifacts.content import ContentHash, FileState
from lamindb.artifacts.folders import FolderState, Member, members, state_of_folder
from lamindb.artifacts.hashing import BLAKE3, hash_tree
from lamindb.artifacts.parallel import in_threads
from lamindb.artifacts.sources import state_of
from lamindb.artifacts.stat_cache import StatCache, is_settled
from lamindb.errors import ArtifactUnreadable, InvalidArgument

State = FileState | FolderState
"""Equal states mean equal content, once they are settled."""


def look(path: Path, cache: StatCache) -> tuple[ContentHash, State]:
    """Hash a file or folder as far as the cache does not know it.

    Raises
    ------
    ArtifactMissing, ArtifactUnreadable: it is not there, may not be read, or changes while it is read.
    InvalidArgument: it is a folder without files, or has in it what cannot be in an artifact; see `folders.members`.
    """
    return look_into(path, cache) if path.is_dir() else cache.hash_file(path)


def look_into(folder: Path, cache: StatCache) -> tuple[ContentHash, FolderState]:
    """Hash a folder; raises as `look`."""
    found = files_in(folder)
    hashed = in_threads(lambda member: cache.hash_file(member.path, BLAKE3), found, "hashing")
    state = tuple((member.name, file_state) for member, (_, file_state) in zip(found, hashed, strict=True))
    if state_of_folder(members(folder)) != state:
        raise ArtifactUnreadable(f"the folder {str(folder)!r} changed while it was read; try again when nothing writes to it")
    return hash_tree((member.name, leaf) for member, (leaf, _) in zip(found, hashed, strict=True)), state


def files_in(folder: Path) -> list[Member]:
    """Return the files in a folder that is the content of one artifact.

    Raises
    ------
    InvalidArgument: there are none. Otherwise as `folders.members`.
    """
    if not (found := members(folder)):
        raise InvalidArgument(f"the folder {str(folder)!r} has no files in it, so there is nothing to make an artifact of")
    return found


def present_state(path: Path) -> State:
    """Return the state that a file or folder is in now. Raises as `look`."""
    return state_of_folder(members(path)) if path.is_dir() else state_of(path)


def has_settled(state: State, at_ns: int) -> bool:
    """Whether content that is in this state at some time cannot be changed later and still look as if it were in it."""
    files = [state] if isinstance(state, FileState) else [each for _, each in state]
    return all(is_settled(each, at_ns) for each in files)
