"""The files in a folder, as the content of one artifact or as artifacts of their own. Symbolic links are followed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lamindb.artifacts.content import FileState
from lamindb.artifacts.parallel import in_threads
from lamindb.artifacts.sources import readable, state_of
from lamindb.errors import ArtifactMissing, InvalidArgument

HOME = ".lamindb"
"""Folder of a storage root in which objects lie that we name."""

FolderState = tuple[tuple[str, FileState], ...]
"""Paths below a folder and the states of the files, in the order of the paths."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a folder."""

    name: str
    """Its path below the folder, with `/`."""
    path: Path
    is_linked: bool
    """Whether the path leads through a symbolic link below the folder."""


def members(folder: Path, *, skip_home: bool = False) -> list[Member]:
    """Return all files in a folder and the folders in it, in the order of their paths as bytes.

    Parameters
    ----------
    skip_home
        Leave folders `.lamindb` out, in which lamin keeps the bytes of artifacts, instead of refusing them.

    Raises
    ------
    ArtifactMissing: there is no such folder, or a symbolic link in it leads to nothing.
    ArtifactUnreadable: a folder may not be read.
    InvalidArgument: a symbolic link leads back to a folder above it, something is neither file nor folder, or it is a `.lamindb`.
    """
    return sorted(_walk(folder, skip_home), key=lambda member: os.fsencode(member.name))


def state_of_folder(found: list[Member]) -> FolderState:
    """Return the states of the files without opening them."""
    states = in_threads(lambda member: state_of(member.path), found, "looking")
    return tuple((member.name, state) for member, state in zip(found, states, strict=True))


def names_below(path: Path) -> list[str]:
    """Return what must go for a file or folder to go, the innermost first; links are not followed."""
    found: list[str] = []
    for folder, folders, files in os.walk(path, topdown=False) if not path.is_symlink() else ():
        found += (os.path.join(folder, name) for name in (*files, *folders))
    return [*found, os.fspath(path)]


@dataclass(frozen=True, slots=True)
class _Level:
    """A folder that waits to be listed, with what identifies it and those above it."""

    path: str
    prefix: str
    is_linked: bool
    trail: frozenset[tuple[int, int]]


def _walk(folder: Path, skip_home: bool) -> Iterator[Member]:
    waiting = [_Level(os.fspath(folder), "", False, frozenset())]
    while waiting:
        level = waiting.pop()
        with readable(Path(level.path)):
            found = os.stat(level.path)
            with os.scandir(level.path) as listing:
                entries = [(entry, entry.is_symlink(), entry.is_dir(), entry.is_file()) for entry in listing]
        if (identity := (found.st_dev, found.st_ino)) in level.trail:
            raise InvalidArgument(
                f"{level.path!r} is a symbolic link to a folder above it, so that the files in it have no end; remove the link"
            )
        for entry, is_link, is_folder, is_file in entries:
            name, is_linked = level.prefix + entry.name, level.is_linked or is_link
            if is_file:
                yield Member(name, Path(entry.path), is_linked)
            elif not is_folder:
                raise _no_file(entry.path, is_link)
            elif entry.name != HOME:
                waiting.append(_Level(entry.path, f"{name}/", is_linked, level.trail | {identity}))
            elif not skip_home:
                raise InvalidArgument(
                    f"{os.fspath(folder)!r} has a '.lamindb' folder in it, where lamin keeps the bytes of artifacts; "
                    "choose a folder without"
                )


def _no_file(path: str, is_link: bool) -> ArtifactMissing | InvalidArgument:
    if is_link and not os.path.exists(path):
        return ArtifactMissing(f"{path!r} is a symbolic link to a file that is not there; mend the link, or remove it")
    return InvalidArgument(f"{path!r} is a pipe, socket or device; an artifact is made from regular files and folders")
