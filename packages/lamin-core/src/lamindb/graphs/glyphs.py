"""How wide text is in Helvetica, without the font: widths of its signs in thousandths of the font size (Adobe's metrics)."""

from __future__ import annotations

import unicodedata

_SIGNS = {
    191: "'",
    222: "ijl",
    260: "|",
    278: " !,./:;I[\\]ft",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jcksvxyz",
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "…—",
    1015: "@",
}
WIDTHS = {sign: width for width, signs in _SIGNS.items() for sign in signs}
OTHER = 667
"""Letters with accents, Greek and Cyrillic letters are rarely wider."""
WIDE = 1000


def width(text: str, size: float) -> float:
    """Return the width of a line of text in the unit of the font size."""
    return sum(WIDTHS[sign] if sign in WIDTHS else _other(sign) for sign in text) * size / 1000


def _other(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return WIDE if unicodedata.east_asian_width(sign) in "WF" else OTHER


def fitted(text: str, size: float, most: float) -> str:
    """Return text that is at most so wide; what is too wide loses its middle."""
    if width(text, size) <= most:
        return text
    start, end = text, ""
    keeps = len(text) - 1
    while keeps:
        end_length = keeps // 2
        start, end = text[: keeps - end_length], text[len(text) - end_length :]
        if (shown := width(f"{start}…{end}", size)) <= most:
            break
        keeps -= max(1, int((shown - most) / size))
        keeps = max(keeps, 0)
    return f"{start}…{end}" if keeps else "…"
