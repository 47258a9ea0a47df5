"""`lamin.toml`: what makes a folder the project of an instance. Paths inside it are relative: it can be moved and copied."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lamindb_setup import files
from lamindb_setup.databases.url import DatabaseURL, parse
from lamindb_setup.errors import DescriptorInvalid, HomeIsNoProject, InstanceConflict, InvalidArgument, StorageNotWritable

from .instance import Instance

FILE = "lamin.toml"
_HEAD = "# The lamin instance of this folder. Paths inside the folder are relative to it; passwords never stand here.\n"


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a `lamin.toml` says, with absolute paths.

    Parameters
    ----------
    folder: where the file lies.
    uid, owner, name: of the instance.
    storage: root of the default storage.
    url: where the database lies.
    modules: as of the last change; what counts is the database.
    branch, space: names of the defaults in this folder.
    """

    folder: Path
    uid: str
    owner: str
    name: str
    storage: str
    url: DatabaseURL
    modules: tuple[str, ...] = ()
    branch: str = "main"
    space: str = "all"

    @property
    def slug(self) -> str:
        return f"{self.owner}/{self.name}"

    @classmethod
    def of(cls, instance: Instance, folder: Path) -> Descriptor:
        return cls(
            folder=folder,
            uid=instance.uid,
            owner=instance.owner,
            name=instance.name,
            storage=instance.storage.root,
            url=instance.url.without_secrets(),
            modules=instance.modules,
            branch=instance.branch,
            space=instance.space,
        )

    def values(self) -> dict[str, str | list[str]]:
        """What is written, in this order."""
        url = self.url
        if url.path is not None:
            url = replace(url, path=Path(_relative(str(url.path), self.folder)))
        return {
            "uid": self.uid,
            "owner": self.owner,
            "name": self.name,
            "storage": _relative(self.storage, self.folder),
            "database": str(url),
            "modules": list(self.modules),
            "branch": self.branch,
            "space": self.space,
        }


def _relative(path: str, folder: Path) -> str:
    """Relative where the path lies inside the folder; what lies elsewhere does not move with it."""
    if "://" not in path and Path(path).is_relative_to(folder):
        return Path(path).relative_to(folder).as_posix()
    return path


def nearest(start: Path) -> Descriptor | None:
    """The descriptor of the folder or of the nearest one above it.

    Raises
    ------
    DescriptorInvalid: the nearest file cannot be read.
    """
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return read(folder / FILE)
    return None


def read(path: Path) -> Descriptor:
    """Read a `lamin.toml`.

    Raises
    ------
    DescriptorInvalid: it is no TOML, or a key is missing or of the wrong type.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DescriptorInvalid(f"{str(path)!r} cannot be read: {error}") from error
    section = data.get("instance")
    if not isinstance(section, dict):
        raise DescriptorInvalid(f"{str(path)!r} has no section [instance]; restore it, or delete it and connect again")
    text = {key: _text(path, section, key) for key in ("uid", "owner", "name", "storage", "database")}
    modules = section.get("modules", [])
    if not isinstance(modules, list) or not all(isinstance(name, str) for name in modules):
        raise DescriptorInvalid(f'modules in {str(path)!r} must be a list of names, as modules = ["lamindb"]')
    folder = path.parent.absolute()
    try:
        url = parse(text["database"]).resolved(folder)
    except InvalidArgument as error:
        raise DescriptorInvalid(f"database in {str(path)!r}: {error}") from error
    storage = text["storage"]
    if "://" not in storage:
        storage = os.path.normpath(folder / Path(storage).expanduser())
    return Descriptor(
        folder=folder,
        uid=text["uid"],
        owner=text["owner"],
        name=text["name"],
        storage=storage,
        url=url,
        modules=tuple(modules),
        branch=_text(path, section, "branch", "main"),
        space=_text(path, section, "space", "all"),
    )


def _text(path: Path, section: dict[str, Any], key: str, default: str | None = None) -> str:
    value = section.get(key, default)
    if not isinstance(value, str) or not value:
        raise DescriptorInvalid(f"{key} in section [instance] of {str(path)!r} must be a text, but is {value!r}")
    return value


def write(descriptor: Descriptor) -> bool:
    """Write the `lamin.toml` of a folder that has none; False where the same instance is described already.

    Raises
    ------
    InstanceConflict: the folder is the project of another instance.
    StorageNotWritable: the folder cannot be written.
    """
    path = descriptor.folder / FILE
    if path.exists():
        _check_same(path, descriptor)
        return False
    lines = [_HEAD, "[instance]", *(f"{key} = {_quoted(value)}" for key, value in descriptor.values().items()), ""]
    try:
        files.write_new(path, "\n".join(lines).encode())
    except FileExistsError:  # another process was faster
        _check_same(path, descriptor)
        return False
    except OSError as error:
        raise StorageNotWritable(f"{str(path)!r} cannot be written ({error.strerror}); work in a folder that can") from error
    return True


def _check_same(path: Path, descriptor: Descriptor) -> None:
    found = read(path)
    if found.uid != descriptor.uid:
        raise InstanceConflict(f"{str(path.parent)!r} is the project of {found.slug}; use another folder, or delete {FILE}")


def change(folder: Path, **values: str | list[str]) -> None:
    """Change keys of an existing `lamin.toml`; comments and everything else stay as they are.

    Raises
    ------
    DescriptorInvalid: there is none, or it cannot be read.
    StorageNotWritable: the folder cannot be written.
    """
    import tomlkit  # 25 ms, and only needed to keep comments

    path = folder / FILE
    read(path)
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    document["instance"].update(values)  # read() has checked that it is a table
    try:
        files.replace(path, tomlkit.dumps(document).encode())
    except OSError as error:
        raise StorageNotWritable(f"{str(path)!r} cannot be written ({error.strerror}); change its permissions") from error


def _quoted(value: str | list[str]) -> str:
    """A TOML basic string, or an array of them."""
    if isinstance(value, list):
        return f"[{', '.join(map(_quoted, value))}]"
    escaped = "".join(f"\\u{ord(c):04x}" if ord(c) < 32 or ord(c) == 127 else c for c in value.replace("\\", "\\\\"))
    return '"' + escaped.replace('"', '\\"') + '"'


def check_not_home(path: Path, what: str) -> None:
    """Raise if everything of the user would lie below it.

    Raises
    ------
    HomeIsNoProject: it is the home folder.
    """
    if os.path.realpath(path) == os.path.realpath(Path.home()):
        raise HomeIsNoProject(f"your home folder {str(path)!r} cannot be a {what}; make a folder for it and work there")
