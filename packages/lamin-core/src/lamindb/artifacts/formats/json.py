"""JSON documents, as dicts and lists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any

from lamindb.artifacts.formats.registry import Format


def load_json(path: Path, **options: Any) -> Any:
    """Read one document; options as `json.load`."""
    with path.open(encoding="utf-8") as file:
        return json.load(file, **options)


def open_json(path: Path) -> IO[str]:
    """Open the text of the document."""
    return path.open(encoding="utf-8")


JSON = Format("JSON", load_json, open_json)
