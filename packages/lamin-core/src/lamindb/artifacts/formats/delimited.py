"""Tables with a separator, as pandas data frames or pyarrow datasets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from lamindb.artifacts.formats.dependencies import needed
from lamindb.artifacts.formats.registry import Format

if TYPE_CHECKING:
    import pandas as pd


def load_csv(path: Path, **options: Any) -> pd.DataFrame:
    """Read comma-separated values; options as `pandas.read_csv`."""
    import pandas as pd  # heavy

    found: pd.DataFrame = pd.read_csv(path, **options)
    return found


def load_tsv(path: Path, **options: Any) -> pd.DataFrame:
    """Read tab-separated values; options as `pandas.read_csv`."""
    return load_csv(path, **{"sep": "\t", **options})


def open_csv(path: Path, **options: Any) -> Any:
    """Open as a `pyarrow.dataset.Dataset`; options as `pyarrow.dataset.dataset`."""
    return needed("pyarrow.dataset", "pyarrow").dataset(path, **{"format": "csv", **options})


def open_tsv(path: Path, **options: Any) -> Any:
    """Open as a `pyarrow.dataset.Dataset`; options as `pyarrow.dataset.dataset`."""
    separated = needed("pyarrow.csv", "pyarrow").ParseOptions(delimiter="\t")
    return open_csv(path, **{"format": needed("pyarrow.dataset", "pyarrow").CsvFileFormat(parse_options=separated), **options})


CSV = Format("CSV", load_csv, open_csv)
TSV = Format("TSV", load_tsv, open_tsv)
