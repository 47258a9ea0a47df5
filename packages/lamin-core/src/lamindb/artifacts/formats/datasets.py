"""Tables in one file or in a folder of files, as pyarrow datasets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lamindb.dependencies import needed


def open_dataset(path: Path, **options: Any) -> Any:
    """Open as a `pyarrow.dataset.Dataset`; names such as `year=2024` of folders below the path become columns.

    Options are those of `pyarrow.dataset.dataset`.
    """
    if path.is_dir():
        options = {"partitioning": "hive", **options}
    return needed("pyarrow.dataset", "pyarrow").dataset(path, **options)
