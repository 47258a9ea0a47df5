"""What tells one process from another, so that later it can be said whether it is still alive."""

from __future__ import annotations

import os
import platform
from pathlib import Path

_PROC = Path("/proc")


def identity(pid: int | None = None) -> dict[str, str | int]:
    """Return what stays the same for a process and is never the same for another: host, boot, namespace, number, start."""
    pid = pid or os.getpid()
    return {"host": platform.node(), "boot": _boot(), "space": _namespace(), "pid": pid, "start": _start(pid)}


def is_dead(noted: object) -> bool:
    """Whether a process that noted its identity is known to have ended; False where nobody can tell from here."""
    if not isinstance(noted, dict) or not isinstance(pid := noted.get("pid"), int):
        return False
    here = identity()
    if noted.get("host") != here["host"]:
        return False
    if noted.get("boot") != here["boot"]:
        return bool(here["boot"] and noted.get("boot"))  # the machine was started again since then
    if noted.get("space") != here["space"]:
        return False
    return not _exists(pid) or _start(pid) != noted.get("start")


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True


def _boot() -> str:
    return _read(_PROC / "sys/kernel/random/boot_id").strip()


def _namespace() -> str:
    try:
        return os.readlink(_PROC / "self/ns/pid")
    except OSError:
        return ""


def _start(pid: int) -> int:
    """Return when a process started, in ticks since the boot; 0 where the system does not tell, and for one that is a zombie."""
    fields = _read(_PROC / str(pid) / "stat").rpartition(")")[2].split()
    return int(fields[19]) if len(fields) > 19 and fields[0] not in "ZX" else 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
