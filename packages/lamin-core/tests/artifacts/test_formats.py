"""Which format reads which file, and what happens where none does."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lamindb.artifacts.formats import registry
from lamindb.artifacts.formats.reading import load, open_
from lamindb.artifacts.formats.registry import Format, format_of, register
from lamindb.errors import ArtifactUnreadable, InvalidArgument, MissingDependency


def test_tables(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1, 3], "b": ["x", "y"]})
    for name, separator in (
        ("t.csv", ","),
        ("t.tsv", "\t"),
        ("T.CSV", ","),
        ("t.csv.gz", ","),
        ("t.tsv.xz", "\t"),
        ("t.csv.bz2", ","),
    ):
        frame.to_csv(tmp_path / name, sep=separator, index=False)
        pd.testing.assert_frame_equal(load(tmp_path / name), frame)
    assert load(tmp_path / "t.tsv", sep=",").shape == (2, 1), "options of the user win"


def test_documents_texts_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text(json.dumps({"a": [1]}))
    assert load(tmp_path / "d.json") == {"a": [1]}
    with open_(tmp_path / "d.json", "r") as file:
        assert file.read() == '{"a": [1]}'
    for name in ("t.txt", "t.md", "t.fasta", "t.fa", "t.log"):
        (tmp_path / name).write_text("Ärmel", encoding="utf-8")
        assert load(tmp_path / name) == "Ärmel"
    (tmp_path / "b.bin").write_bytes(b"\xff\x00")
    assert load(tmp_path / "b.bin") == b"\xff\x00"
    with open_(tmp_path / "b.bin", "r") as file:
        assert file.read(1) == b"\xff"


def test_text_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_bytes("Ärmel".encode("latin-1"))
    with pytest.raises(ArtifactUnreadable, match="cannot be read as text: 'utf-8' codec"):
        load(tmp_path / "t.txt")
    assert load(tmp_path / "t.txt", encoding="latin-1") == "Ärmel"


@pytest.mark.filterwarnings("ignore")  # of anndata's own
def test_anndata(tmp_path: Path) -> None:
    anndata = pytest.importorskip("anndata")
    made = anndata.AnnData(np.arange(6, dtype="float32").reshape(2, 3), obs=pd.DataFrame(index=["c1", "c2"]))
    made.write_h5ad(tmp_path / "a.h5ad")
    assert load(tmp_path / "a.h5ad").shape == (2, 3)
    backed = open_(tmp_path / "a.h5ad", "r")
    assert backed.isbacked
    backed.file.close()


def test_a_damaged_file(tmp_path: Path) -> None:
    for name, content in (("a.csv.gz", b"no gzip"), ("a.h5ad", b"no HDF5"), ("a.json", b"{"), ("a.csv", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ArtifactUnreadable, match="cannot be read as"):
            load(tmp_path / name)
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n" * 1000)[:-20])
    with pytest.raises(ArtifactUnreadable, match="cannot be read as CSV"):
        load(tmp_path / "cut.csv.gz")


def test_no_format(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument) as caught:
        load(tmp_path / "reads.bam.bai")
    assert str(caught.value).startswith("nothing is known that reads '.bai' (known are .bin, .csv, ")
    assert str(caught.value).endswith("artifact.cache() gives the path of the file")
    with pytest.raises(InvalidArgument, match="nothing is known that reads 'files without suffix'"):
        load(tmp_path / "README")


def test_a_package_that_is_not_installed(tmp_path: Path) -> None:
    """Tried in an interpreter of its own in which the packages cannot be found."""
    script = f"""
import sys
from pathlib import Path
sys.modules["anndata"] = sys.modules["pyarrow"] = None
from lamindb.artifacts.formats.reading import load, open_
from lamindb.errors import MissingDependency
for read, name in ((load, "a.h5ad"), (load, "a.parquet"), (lambda path: open_(path, "r"), "a.csv")):
    path = Path({str(tmp_path)!r}, name)
    path.touch()
    try:
        read(path)
    except MissingDependency as error:
        print(isinstance(error, ImportError), error)
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(said) == 3
    assert said[0].startswith("True this needs the package 'anndata' (")
    assert said[0].endswith("; install it with `pip install anndata`")
    assert said[1].endswith("; install it with `pip install pyarrow`")
    assert said[2].endswith("; install it with `pip install pyarrow`")


# -- formats of others -----------------------------------------------------------------------------------------------


@pytest.fixture
def clean_registry() -> Iterator[None]:
    kept = dict(registry._registered)
    registry._entry_points.cache_clear()
    registry._offered.cache_clear()
    yield
    registry._registered.clear()
    registry._registered.update(kept)
    registry._entry_points.cache_clear()
    registry._offered.cache_clear()


@pytest.mark.usefixtures("clean_registry")
def test_a_format_can_be_registered(tmp_path: Path) -> None:
    register(".nii.gz", Format("NIfTI", lambda path: "scan"))
    register(".csv", Format("my CSV", lambda path: "mine"))
    (tmp_path / "a.nii.gz").touch()
    assert load(tmp_path / "a.nii.gz") == "scan"
    assert load(tmp_path / "a.csv") == "mine", "what is registered wins"
    with open_(tmp_path / "a.nii.gz", "r") as file:
        assert file.read() == b"", "plain bytes, where the format has nothing better"
    with pytest.raises(InvalidArgument, match=r"suffix 'nii' must begin with a dot, as '.nii'"):
        register("nii", Format("NIfTI", len))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clean_registry: None) -> Any:
    """Makes a fake installed distribution that offers formats."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)

    def install(code: str, entry: str) -> None:
        (folder / "their_formats.py").write_text(code)
        info = folder / "their_formats-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their-formats\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[lamin.formats]\n{entry}\n")

    return install


def test_a_package_can_offer_a_format(tmp_path: Path, site: Any) -> None:
    site(
        "from lamindb.artifacts.formats.registry import Format\n"
        "SCAN = Format('scan', lambda path, scale=1: len(path.read_bytes()) * scale)\n",
        "scan.gz = their_formats:SCAN",
    )
    (tmp_path / "a.b.scan.gz").write_bytes(b"123")
    assert load(tmp_path / "a.b.scan.gz", scale=2) == 6
    assert format_of(tmp_path / "x.SCAN.GZ").name == "scan"
    sys.modules.pop("their_formats")


def test_a_package_may_offer_what_is_no_format(tmp_path: Path, site: Any) -> None:
    site("SCAN = 5\n", "scan = their_formats:SCAN")
    with pytest.raises(MissingDependency, match=r"their_formats:SCAN should be a Format that reads '.scan' files, but is 5"):
        format_of(tmp_path / "a.scan")
    sys.modules.pop("their_formats")


def test_a_package_may_be_broken(tmp_path: Path, site: Any) -> None:
    site("import no_such_module\n", "scan = their_formats:SCAN")
    with pytest.raises(MissingDependency, match=r"their_formats:SCAN should read '.scan' files, but cannot be loaded: No module"):
        format_of(tmp_path / "a.scan")


def test_nothing_heavy_is_loaded_before_it_is_used() -> None:
    script = "import sys, lamindb.artifacts.artifact, lamindb.artifacts.formats.reading; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    for name in ("pandas", "pyarrow", "anndata", "numpy", "fsspec", "upath", "alembic"):
        assert f"'{name}'" not in loaded
