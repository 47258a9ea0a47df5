"""The software that a process runs with, as text that pip can install from: every installed distribution with its version.

Names and versions are those of the folders `*.dist-info`; their content is not read, but for `direct_url.json`, which tells what
was installed from a URL or is edited in place. No process is started.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
import sysconfig
from collections.abc import Iterator
from urllib.parse import unquote

from lamindb.lineage import redaction

_SUFFIXES = (".dist-info", ".egg-info")
_cached: tuple[tuple[tuple[str, int], ...], str] | None = None


def current() -> str:
    """Return the environment of this process; read again only if something was installed or removed meanwhile."""
    global _cached
    state = tuple(_search_path())
    if _cached is None or _cached[0] != state:
        _cached = (state, _listed(path for path, _ in state))
    return _cached[1]


def _search_path() -> Iterator[tuple[str, int]]:
    """Yield where distributions can lie, with the time of the last change; not the folder of the script, which may be large."""
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    own = {"", os.path.dirname(os.path.abspath(main))} if main else {""}
    for path in dict.fromkeys(sys.path):
        if path not in own:
            try:
                yield path, os.stat(path).st_mtime_ns
            except OSError:  # entries that do not exist are common
                continue


def _listed(paths: Iterator[str]) -> str:
    found: dict[str, str] = {}
    for path in paths:
        try:
            entries = [entry for entry in os.scandir(path) if entry.name.endswith(_SUFFIXES)]
        except OSError:  # a zip file
            continue
        for entry in entries:
            name, line = _line(entry)
            if name:
                found.setdefault(name, line)  # the first one is imported
    head = [f"# Python {platform.python_version()} ({platform.python_implementation()})", f"# {sysconfig.get_platform()}"]
    return "\n".join([*head, *(found[name] for name in sorted(found))]) + "\n"


def _line(entry: os.DirEntry[str]) -> tuple[str, str]:
    """Return the normalised name of a distribution, and its requirement."""
    stem = entry.name.rpartition(".")[0]
    name, _, version = stem.partition("-")
    version = re.sub(r"-py\d[\d.]*$", "", version).replace("_", "-")
    name = normalized(name)
    url = _direct_url(entry) if entry.name.endswith(".dist-info") else None
    if url is None:
        return name, f"{name}=={version}" if version else name
    if url.startswith("-e "):
        return name, f"{url}  # {name}=={version}"
    return name, f"{name} @ {url}"


def normalized(name: str) -> str:
    """Return the name of a distribution as package indexes compare it.

    >>> normalized("Zope.Interface_x")
    'zope-interface-x'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def _direct_url(entry: os.DirEntry[str]) -> str | None:
    """Return where a distribution was installed from, if not from an index; `-e` before what is edited in place."""
    try:
        with open(os.path.join(entry.path, "direct_url.json"), encoding="utf-8") as file:
            told = json.load(file)
        url: str = redaction.in_text(told["url"])[0]
        if told.get("dir_info", {}).get("editable"):
            return f"-e {unquote(url.removeprefix('file://'))}"
        if vcs := told.get("vcs_info"):
            return f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return url
