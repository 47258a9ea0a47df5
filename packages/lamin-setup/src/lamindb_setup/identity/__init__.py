"""Who the user is: a random uid made once on this machine, and a handle that may change. No account, no server.

Knows the settings directory and the operating system; no database and no instance.
"""

from __future__ import annotations

from .profile import Profile
from .profiles import current_profile, login, logout, profiles, rename

__all__ = ["Profile", "current_profile", "login", "logout", "profiles", "rename"]
