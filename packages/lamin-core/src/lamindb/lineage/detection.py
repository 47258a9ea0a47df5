"""Which file is running: a script, a module, the notebook of a kernel. Where there is none, an error says what to pass."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path
from types import FrameType
from typing import Any

from lamindb.errors import UnknownSource
from lamindb.lineage.roots import INSTALLED
from lamindb.shells import is_kernel, shell

VARIABLE = "LAMIN_NOTEBOOK_PATH"
"""Names the notebook where a kernel cannot tell."""


def source_path(frame: FrameType) -> Path:
    """Return the file that runs, seen from the frame that asked.

    Raises
    ------
    UnknownSource: it is in no file; says what to pass.
    """
    if is_kernel():
        return notebook_path()
    if shell() is not None:
        raise UnknownSource(
            "this is an IPython terminal, whose code is in no file; pass track(path=…) or track(key=…, source_code=…)"
        )
    return script_path(frame)


def script_path(frame: FrameType) -> Path:
    """Return the program that runs; if that is a tool such as pytest, the module that asked.

    Raises
    ------
    UnknownSource: it was typed in, or passed to `python -c`.
    """
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    candidates: tuple[Any, ...] = (main, frame.f_code.co_filename, frame.f_globals.get("__file__"))
    if frame.f_globals.get("__name__") == "__main__":
        candidates = (frame.f_globals.get("__file__"), frame.f_code.co_filename, None)
    elif main is not None and _is_tool(Path(main).resolve()):
        candidates = (*candidates[1:], main)
    for candidate in candidates:
        if candidate and (path := Path(candidate)).is_file():
            return path.resolve()
    raise UnknownSource(
        "the code that calls track() is in no file, as with python -c or in an interactive session; "
        "pass track(path=…) with the file, or track(key=…, source_code=…) with a name and the code"
    )


def _is_tool(path: Path) -> bool:
    """Whether a program is installed rather than the user's own."""
    bins = {Path(sysconfig.get_path("scripts")).resolve(), Path(sys.executable).parent}
    library = Path(sysconfig.get_path("stdlib")).resolve()
    return bool(set(INSTALLED) & set(path.parts)) or path.parent in bins or path.is_relative_to(library)


def notebook_path() -> Path:
    """Return the notebook whose kernel this is.

    Raises
    ------
    UnknownSource: nothing tells, or it has no name yet.
    """
    told = [os.environ.get(VARIABLE), shell().user_ns.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")]
    for name in (*told, _of_parent()):
        for path in (Path(name), Path(Path(name).name)) if name else ():
            if path.is_file():
                return _named(path.resolve())
    if found := next(filter(None, told), None):
        raise UnknownSource(f"the notebook {found!r} is not at {os.getcwd()!r}; pass track(path=…), or set {VARIABLE}")
    raise UnknownSource(f"nothing tells which notebook this is; pass track(path=…), or set {VARIABLE}")


def _named(path: Path) -> Path:
    if path.name.startswith("Untitled"):
        raise UnknownSource(f"the notebook is called {path.name!r}; give it a name, under which its versions can be found")
    return path


def _of_parent() -> str | None:
    """Return the notebook that the process above was told to execute, as `jupyter nbconvert --execute` is."""
    try:
        folder = os.readlink(f"/proc/{os.getppid()}/cwd")
        arguments = Path(f"/proc/{os.getppid()}/cmdline").read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        return None
    found = [argument for argument in arguments if argument.endswith(".ipynb")]
    return os.path.join(folder, found[0]) if len(found) == 1 else None
