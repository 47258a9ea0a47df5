"""What is connected and set, for people and programs; told from files, without opening a database."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from lamindb_setup.directories import settings_dir
from lamindb_setup.errors import CurrentInstanceNotConfigured
from lamindb_setup.identity import current_profile

from . import connection, discovery
from .discovery import Place
from .settings import settings


@dataclass(frozen=True, slots=True)
class Information:
    """The state of this process and machine; no value is or has a password.

    Parameters
    ----------
    instance: slug, None where nothing is connected.
    user: handle of the profile in use.
    folder: the project folder, None outside of one.
    """

    instance: str | None
    uid: str | None
    branch: str | None
    space: str | None
    folder: str | None
    storage: str | None
    database: str | None
    modules: tuple[str, ...]
    user: str
    user_uid: str
    settings_dir: str
    cache_dir: str

    def to_dict(self) -> dict[str, object]:
        """For `--json`, in a stable order."""
        return asdict(self)

    def __str__(self) -> str:
        width = max(map(len, self.to_dict()))
        shown = {key: ", ".join(value) if isinstance(value, tuple) else value for key, value in self.to_dict().items()}
        return "\n".join(f"{key.replace('_', ' ').ljust(width)}  {value or '-'}" for key, value in shown.items())


def info() -> Information:
    """The instance that would be used now, the user and the directories.

    Raises
    ------
    InstanceNotFoundError: LAMIN_CURRENT_INSTANCE names nothing that is known.
    """
    profile = current_profile()
    place = _place()
    return Information(
        instance=place.slug if place else None,
        uid=place.uid if place else None,
        branch=place.branch if place else None,
        space=place.space if place else None,
        folder=str(place.folder) if place and place.folder else None,
        storage=place.storage if place else None,
        database=str(place.url) if place else None,
        modules=place.modules if place else (),
        user=profile.handle,
        user_uid=profile.uid,
        settings_dir=str(settings_dir()),
        cache_dir=str(settings.cache_dir),
    )


def _place() -> Place | None:
    """What is used now, from the open database or from files; a bare path or URL tells its slug only once it is open."""
    if not connection.is_connected():
        try:
            place = discovery.default()
        except CurrentInstanceNotConfigured:
            return None
        if place.slug is not None:
            return place
    return discovery.of_instance(connection.current().instance)
