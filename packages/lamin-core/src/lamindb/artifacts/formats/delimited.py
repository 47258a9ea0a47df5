"""Tables with a separator, as pandas data frames or pyarrow datasets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamindb.artifacts.formats.datasets import open_dataset
from lamindb.artifacts.formats.registry import Format
from lamindb.dependencies import needed

if TYPE_CHECKING:
    import pandas as pd


def load_csv(path: Path, **options: Any) -> pd.DataFrame:
    """Read comma-separated values; options as `pandas.read_csv`, for a folder of files as `pyarrow.dataset.dataset`."""
    if path.is_dir():
        return _whole(open_csv(path, **options))
    import pandas as pd  # heavy

    found: pd.DataFrame = pd.read_csv(path, **options)
    return found


def load_tsv(path: Path, **options: Any) -> pd.DataFrame:
    """Read tab-separated values; options as `load_csv`."""
    return _whole(open_tsv(path, **options)) if path.is_dir() else load_csv(path, **{"sep": "\t", **options})


def open_csv(path: Path, **options: Any) -> Any:
    """Open as a `pyarrow.dataset.Dataset`; options as `pyarrow.dataset.dataset`."""
    return open_dataset(path, **{"format": "csv", **options})


def open_tsv(path: Path, **options: Any) -> Any:
    """Open as a `pyarrow.dataset.Dataset`; options as `pyarrow.dataset.dataset`."""
    separated = needed("pyarrow.csv", "pyarrow").ParseOptions(delimiter="\t")
    return open_csv(path, **{"format": needed("pyarrow.dataset", "pyarrow").CsvFileFormat(parse_options=separated), **options})


def save_csv(table: pd.DataFrame, path: Path, **options: Any) -> None:
    """Write a table; options as `pandas.DataFrame.to_csv`. Row numbers as index are no data and left out."""
    import pandas as pd  # heavy

    is_number = isinstance(table.index, pd.RangeIndex) and table.index.name is None
    table.to_csv(path, **{"index": not is_number, **options})


def save_tsv(table: pd.DataFrame, path: Path, **options: Any) -> None:
    """Write a table; see `save_csv`."""
    save_csv(table, path, **{"sep": "\t", **options})


def _whole(dataset: Any) -> pd.DataFrame:
    found: pd.DataFrame = dataset.to_table().to_pandas()
    return found


CSV = Format("CSV", load_csv, open_csv, save_csv, otype="DataFrame", takes_folders=True)
TSV = Format("TSV", load_tsv, open_tsv, save_tsv, otype="DataFrame", takes_folders=True)
