"""One user as databases see them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from lamindb_setup.errors import InvalidArgument

HANDLE_LENGTH = 30
UID_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Profile:
    """A user of this machine.

    Parameters
    ----------
    uid: 8 random base62 characters, made once; what databases refer to.
    handle: short name without spaces and slashes; the owner part of slugs.
    name, email: for people; None where not given.
    """

    uid: str
    handle: str
    name: str | None = None
    email: str | None = None


def check_handle(handle: str) -> str:
    """The handle, if it is one.

    Raises
    ------
    InvalidArgument: it is empty, too long, or has a character that slugs and command lines cannot carry.
    """
    if not re.fullmatch(r"[\w.-]+", handle) or len(handle) > HANDLE_LENGTH:
        raise InvalidArgument(
            f"{handle!r} cannot be a handle: write up to {HANDLE_LENGTH} letters, digits, '.', '-' or '_', without spaces"
        )
    return handle


def check_uid(uid: str) -> str:
    """The uid, if it is one.

    Raises
    ------
    InvalidArgument: it is not 8 letters and digits.
    """
    if not re.fullmatch(f"[0-9A-Za-z]{{{UID_LENGTH}}}", uid):
        raise InvalidArgument(f"LAMIN_USER_UID is {uid!r}, which is no uid: it has {UID_LENGTH} letters and digits")
    return uid


def login_name() -> str:
    """The name of the account of the operating system, made into a handle; `uid1000` for an account without a name."""
    import pwd

    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = f"uid{os.getuid()}"
    return re.sub(r"[^\w.-]", "-", name)[:HANDLE_LENGTH] or f"uid{os.getuid()}"
