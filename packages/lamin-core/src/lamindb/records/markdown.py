"""Markdown in notebooks: rendered where markdown-it-py is installed, else shown as it was written. Never runs anything.

HTML within Markdown is shown as text, and links to scripts stay text, because blocks are written by others.
"""

from __future__ import annotations

from html import escape


def page(title: str, content: str) -> str:
    """Return HTML with a title and a Markdown text.

    Examples
    --------
    >>> page("Page", "<b>").startswith("<div><div><b>Page</b></div>")
    True
    """
    return f"<div><div><b>{escape(title)}</b></div>{rendered(content)}</div>"


def rendered(content: str) -> str:
    """Return Markdown as HTML that is safe to show whoever wrote it."""
    try:
        from markdown_it import MarkdownIt  # late: optional, and only notebooks need it
    except ImportError:
        return f'<pre style="white-space:pre-wrap">{escape(content)}</pre>'
    html: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(content)
    return html
