"""The marker `.lamindb/storage_uid.txt`: which instance manages the folder. Five lines, as LaminDB writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from lamindb_setup import files
from lamindb_setup.errors import StorageAlreadyManaged, StorageMarkerInvalid, StorageNotWritable

from .root import RESERVED

FILE = "storage_uid.txt"


@dataclass(frozen=True, slots=True)
class Marker:
    """What a marker says. All but the storage uid may be missing in an old one."""

    storage_uid: str
    instance_slug: str | None = None
    instance_uuid: str | None = None
    instance_uid: str | None = None

    def render(self) -> str:
        """The content of the file."""
        facts = {"instance_slug": self.instance_slug, "instance_id": self.instance_uuid, "instance_uid": self.instance_uid}
        return "\n".join([self.storage_uid, "creation info:", *(f"{key}={value}" for key, value in facts.items())])


def path_of(root: Path) -> Path:
    """Where the marker of a storage root lies."""
    return root / RESERVED / FILE


def read(root: Path) -> Marker | None:
    """The marker of a storage root, None where there is none.

    Raises
    ------
    StorageMarkerInvalid: the file does not begin with a uid.
    """
    path = path_of(root)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise StorageMarkerInvalid(f"the storage marker {str(path)!r} cannot be read: {error}") from error
    uid = lines[0].strip() if lines else ""
    if not re.fullmatch(r"[0-9A-Za-z]{8,12}", uid):
        raise StorageMarkerInvalid(f"the storage marker {str(path)!r} begins with {uid!r}, which is no uid; restore the file")
    facts = dict(line.split("=", 1) for line in lines[1:] if "=" in line)
    return Marker(uid, facts.get("instance_slug"), facts.get("instance_id"), facts.get("instance_uid"))


def write(root: Path, marker: Marker) -> bool:
    """Mark a storage root; False where the same marker was there already.

    Raises
    ------
    StorageAlreadyManaged: the marker of another instance is there.
    StorageNotWritable: the folder cannot be written.
    """
    path = path_of(root)
    if check_ours(root, marker.instance_uid, marker.storage_uid) is not None:
        return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_new(path, marker.render().encode())
    except FileExistsError:  # another process was faster
        check_ours(root, marker.instance_uid, marker.storage_uid)
        return False
    except OSError as error:
        raise StorageNotWritable(f"storage {str(root)!r} cannot be written ({error.strerror}); change its permissions") from error
    return True


def check_ours(root: Path, instance_uid: str | None, storage_uid: str | None = None) -> Marker | None:
    """The marker of a root, if it has none or that of this instance.

    Raises
    ------
    StorageAlreadyManaged: it belongs to another instance.
    """
    found = read(root)
    if found is None:
        return None
    theirs = found.instance_uid != instance_uid if found.instance_uid else found.storage_uid != storage_uid
    if theirs:
        name = found.instance_slug or "another instance"
        raise StorageAlreadyManaged(
            f"storage {str(root)!r} is managed by {name} (instance uid {found.instance_uid or 'unknown'}); choose another folder"
        )
    return found
