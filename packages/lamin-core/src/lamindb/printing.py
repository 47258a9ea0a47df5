"""Text that people read in terminals and notebooks: single lines, and small tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

WIDEST = 40
"""Characters of a cell; the middle of longer values is left out."""


def one_line(text: str) -> str:
    """Return text as one line without control characters, so that it can be written to terminals and documents."""
    if text.isprintable() and "  " not in text and text == text.strip():
        return text
    text = " ".join(text.split())
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def shortened(text: str, length: int) -> str:
    """Return text that is at most `length` characters long; what is too long loses its middle."""
    if len(text) <= length:
        return text
    end = (length - 1) // 2
    return f"{text[: length - 1 - end]}…{text[-end:]}"


def cell(value: Any) -> str:
    """Write a value for a table: times to the minute, nothing for what is missing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M}"
    return shortened(one_line(value if isinstance(value, str) else repr(value)), WIDEST)


def text_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table of text, aligned at the left."""
    widths = [max([len(name), *(len(row[number]) for row in rows)]) for number, name in enumerate(columns)]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in (columns, *rows)]


def html_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return the same table for notebooks, with nothing in it that could be taken for markup."""
    left = ' style="text-align:left"'
    head = "".join(f"<th{left}>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(f'<td{left}>{escape(text)}</td>' for text in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
