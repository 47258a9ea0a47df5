"""Where source code belongs: the root that its path is relative to, and what tells that root from others.

The root is the git repository around a file, else the project of the current instance, else the file's own folder. Files of
installed packages belong to their package. Git is not run: its files are read.
"""

from __future__ import annotations

import os
import platform
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lamindb_setup.instances.descriptor import FILE

if TYPE_CHECKING:
    from lamindb_setup.databases import Database

INSTALLED = ("site-packages", "dist-packages")
PROJECT = "project"
"""Stands for the project folders of an instance, wherever they lie: all of them have the same files."""


@dataclass(frozen=True, slots=True)
class Root:
    """A folder with source code."""

    path: Path
    names: tuple[str, ...]
    """What it is called in the database, the best name first: `git:host/owner/repo`, `project`, `folder:host:/path`."""

    def finds(self, root: str, path: str) -> bool | None:
        """Whether a file that was noted under a root is still there; None if that cannot be told from here.

        Another repository is taken to be where it is.
        """
        if root in self.names:
            return (self.path / path).exists()
        kind, _, rest = root.partition(":")
        if kind == "git" and self.names[0].startswith("git:"):
            return True
        host, _, folder = rest.partition(":")
        if kind == "folder" and host == platform.node():
            return Path(folder, path).exists()
        return None


def root_of(file: Path, database: Database) -> Root:
    """Return the root of a source file, whose path must be absolute and without symbolic links."""
    for folder in file.parents:
        if folder.name in INSTALLED:
            return Root(folder, ("packages",))
    for folder in file.parents:
        if (folder / ".git").exists():
            here = f"folder:{platform.node()}:{folder.as_posix()}"
            remote = _remote(folder / ".git")
            return Root(folder, (f"git:{remote}", here) if remote else (here,))
    for folder in file.parents:
        if _is_project_of(folder / FILE, database.instance.uid):
            return Root(folder, (PROJECT,))
    return Root(file.parent, (f"folder:{platform.node()}:{file.parent.as_posix()}",))


def keys_of(file: Path, root: Root) -> list[str]:
    """Return the keys that a file can have, the shortest first: a root's name comes before it where another root has the key."""
    relative = file.relative_to(root.path).as_posix()
    if root.names == ("packages",):
        return [f"pypackages/{relative}"]
    keys = [relative]
    for folder in (root.path, *root.path.parents):
        if folder.name:
            keys.append(f"{folder.name}/{keys[-1]}")
    return keys


def _is_project_of(descriptor: Path, uid: str) -> bool:
    try:
        with descriptor.open("rb") as file:
            return bool(tomllib.load(file)["instance"]["uid"] == uid)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _remote(git: Path) -> str | None:
    """Return the remote `origin` of a repository as `host/owner/repo`, None if it has none."""
    try:
        if git.is_file():  # a worktree or a submodule
            git = (git.parent / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()).resolve()
            common = git / "commondir"
            git = (git / common.read_text(encoding="utf-8").strip()).resolve() if common.is_file() else git
        config = (git / "config").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    section = re.search(r'^\[remote "origin"\]\s*$(?P<lines>(?:\n(?!\[).*)*)', config, re.MULTILINE)
    url = re.search(r"^\s*url\s*=\s*(\S+)", section["lines"], re.MULTILINE) if section else None
    return normalized(url[1]) if url else None


def normalized(url: str) -> str:
    """Return the URL of a repository in one form, whichever way it is reached: `host/owner/repo`.

    >>> normalized("git@github.com:owner/repo.git") == normalized("https://user:x@GitHub.com/owner/repo")
    True
    """
    if "://" in url:
        host, _, path = url.partition("://")[2].partition("/")
    elif re.match(r"[^/]+:", url):  # the form of scp
        host, _, path = url.partition(":")
    else:
        return os.path.normpath(url)
    host = host.rpartition("@")[2].lower()
    return f"{host}/{path.strip('/').removesuffix('.git')}"
