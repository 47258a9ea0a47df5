"""Notebooks as text: cells of Python in percent format, without outputs, metadata and the wording of the title."""

from __future__ import annotations

import json
import re
from typing import Any

_MAGIC = re.compile(r"[%!?]|\s+%{1,2}[A-Za-z]|[\w.]+\?{1,2}\s*$")


def to_percent(data: bytes) -> tuple[str, str | None]:
    """Return the cells of an `.ipynb` as Python in percent format, and the title of the notebook.

    The first heading of the first level is the title; in the text its line is a lone `#`, so that another title is the same
    source code.

    Raises
    ------
    ValueError: the file is no notebook.
    """
    notebook = json.loads(data)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise ValueError("it has no list of cells, so it is no notebook of version 4")
    title: str | None = None
    parts: list[str] = []
    for cell in cells:
        text = _text(cell.get("source", ""))
        if title is None and cell.get("cell_type") == "markdown":
            title, text = _without_title(text)
        parts.append(_cell(cell.get("cell_type"), text))
    return "\n".join(parts), title


def code_cells(data: bytes) -> list[str]:
    """Return the code of a notebook cell by cell.

    Raises
    ------
    ValueError: the file is no notebook.
    """
    cells: list[dict[str, Any]] = json.loads(data).get("cells", [])
    return [_text(cell.get("source", "")) for cell in cells if cell.get("cell_type") == "code"]


def _text(source: Any) -> str:
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _without_title(text: str) -> tuple[str | None, str]:
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("# "):
            lines[number] = "#"
            return line.strip("# ").rstrip("."), "\n".join(lines)
    return None, text


def _cell(kind: Any, text: str) -> str:
    if kind == "code":
        return "\n".join(["# %%", *(_code_line(line) for line in text.splitlines())]) + "\n"
    lines = (f"# {line}" if line and line != "#" else "#" for line in text.splitlines())
    return "\n".join([f"# %% [{kind}]", *lines]) + "\n"


def _code_line(line: str) -> str:
    """Turn what only IPython understands into a comment, so that the text is Python."""
    return f"# {line}" if _MAGIC.match(line) else line
