"""The profiles of this machine's user, kept in `profiles.json` of the settings directory, and which of them is in use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace

from lamindb_setup import settings_file, uids
from lamindb_setup.errors import IdentityError, ProfileNotFound, closest

from .profile import UID_LENGTH, Profile, check_handle, check_uid, login_name

FILE = "profiles.json"


@dataclass
class _Stored:
    """What the file says."""

    current: str | None = None
    profiles: dict[str, Profile] = field(default_factory=dict)

    def with_handle(self, handle: str) -> Profile | None:
        return next((profile for profile in self.profiles.values() if profile.handle == handle), None)


def current_profile() -> Profile:
    """The profile in use; made at the first call ever, with the login name of the operating system as handle.

    LAMIN_USER_HANDLE chooses the profile of that handle, and makes it if need be; LAMIN_USER_NAME and LAMIN_USER_EMAIL override
    the profile's own; LAMIN_USER_UID overrides the uid, for machines that live shorter than a user, as in continuous integration.

    Raises
    ------
    SettingsNotWritable: the uid could not be kept, so that the next process would be somebody else.
    """
    stored = _read()
    handle = os.environ.get("LAMIN_USER_HANDLE")
    if handle:
        profile = stored.with_handle(check_handle(handle))
    else:
        profile = stored.profiles.get(stored.current or "") or stored.with_handle(login_name())
    if profile is None and (uid := os.environ.get("LAMIN_USER_UID")):
        profile = Profile(check_uid(uid), handle or login_name())
    if profile is None:
        profile = _find_or_make(handle or login_name(), make_current=not handle)
    return _overridden(profile)


def _overridden(profile: Profile) -> Profile:
    given = {key: os.environ.get(f"LAMIN_USER_{key.upper()}") for key in ("uid", "name", "email")}
    if given["uid"]:
        check_uid(given["uid"])
    return replace(profile, **{key: value for key, value in given.items() if value})


def profiles() -> list[Profile]:
    """All local profiles, the one in use first."""
    stored = _read()
    return sorted(stored.profiles.values(), key=lambda profile: (profile.uid != stored.current, profile.handle))


def login(handle: str | None = None, *, name: str | None = None, email: str | None = None) -> Profile:
    """Use the local profile of that handle from now on, and make it if there is none. No server is asked.

    Parameters
    ----------
    handle: None stays with the profile in use.
    name, email: replace what the profile says.

    Raises
    ------
    InvalidArgument: the handle cannot be one.
    SettingsNotWritable: the settings directory cannot be written.
    """
    wanted = check_handle(handle) if handle is not None else (_in_use(_read()) or login_name())
    _find_or_make(wanted, make_current=True, name=name, email=email)
    return current_profile()


def rename(handle: str, new_handle: str) -> Profile:
    """Give a profile another handle; its uid stays, so that databases still know it.

    Raises
    ------
    ProfileNotFound: no local profile has the old handle.
    """
    check_handle(new_handle)
    with _changing() as stored:
        profile = stored.with_handle(handle)
        if profile is None:
            known = [other.handle for other in stored.profiles.values()]
            raise ProfileNotFound(f"no local profile has the handle {handle!r}{closest(handle, known)}")
        stored.profiles[profile.uid] = renamed = replace(profile, handle=new_handle)
    return renamed


def logout() -> bool:
    """Go back to the profile with the login name of the operating system; False where it was in use already."""
    stored = _read()
    if stored.current is None or _in_use(stored) == login_name():
        return False
    _find_or_make(login_name(), make_current=True)
    return True


def _in_use(stored: _Stored) -> str | None:
    profile = stored.profiles.get(stored.current or "")
    return profile.handle if profile else None


def _find_or_make(handle: str, *, make_current: bool, name: str | None = None, email: str | None = None) -> Profile:
    with _changing() as stored:
        profile = stored.with_handle(handle) or Profile(uids.base62(UID_LENGTH), handle)
        profile = replace(profile, name=name or profile.name, email=email or profile.email)
        stored.profiles[profile.uid] = profile
        if make_current:
            stored.current = profile.uid
    return profile


# ---- the file ---------------------------------------------------------------------------------------------------------------
def _read() -> _Stored:
    try:
        data = settings_file.read(FILE)
        found = {uid: Profile(uid, **values) for uid, values in data.get("profiles", {}).items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        path = settings_file.path_of(FILE)
        raise IdentityError(f"{str(path)!r} cannot be read ({error}); repair it, or delete it to get a new uid") from error
    return _Stored(data.get("current"), found)


@contextmanager
def _changing() -> Iterator[_Stored]:
    """Read the file, let the block change what it says, write it; one process at a time, so that a uid is made once."""
    with settings_file.changing(FILE):
        stored = _read()
        yield stored
        profiles = {profile.uid: asdict(profile) for profile in stored.profiles.values()}
        for values in profiles.values():
            del values["uid"]
        settings_file.write(FILE, {"current": stored.current, "profiles": profiles})
