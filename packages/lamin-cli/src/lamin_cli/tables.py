"""Rows as plain text: columns side by side, none left out and none shortened, whatever the width of the terminal."""

from collections.abc import Iterable, Sequence
from datetime import datetime

GAP = "  "


def cell(value: object) -> str:
    """Return a value as text without line breaks: nothing for None, UTC to the second for a time."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return " ".join(str(value).split("\n"))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return a line of column names and one line a row, aligned."""
    lines = [list(columns), *([cell(value) for value in row] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    return [GAP.join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def pairs(values: dict[str, object]) -> list[str]:
    """Return one line a value, `name: value`, aligned."""
    width = max(map(len, values), default=0) + 1
    return [f"{name + ':':<{width}} {cell(value)}".rstrip() for name, value in values.items()]
