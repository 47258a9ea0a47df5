from collections.abc import Iterator

import pytest

from lamindb.artifacts.suffixes import CanonicalSuffix, physical_suffix


@pytest.mark.parametrize(
    ("name", "canonical", "raw", "physical"),
    [
        ("F.CSV", ".csv", ".csv", ".csv"),
        ("a.h5ad.tar.xz", ".h5ad.tar.xz", ".h5ad.tar.xz", ".h5ad.tar.xz"),
        ("a.csv.gz", ".csv.gz", ".csv.gz", ".csv.gz"),
        ("a.tar.gz", ".tar.gz", ".tar.gz", ".tar.gz"),
        ("a.unknown.tar.gz", ".tar.gz", ".tar.gz", ".tar.gz"),
        ("z.nii.gz", ".gz", ".gz", ".nii.gz"),
        ("a.gz", ".gz", ".gz", ".gz"),
        ("a.anndata.zarr", ".anndata.zarr", ".anndata.zarr", ".anndata.zarr"),
        ("a.anndata.zarr.tar.gz", ".zarr.tar.gz", ".zarr.tar.gz", ".zarr.tar.gz"),
        ("a.spatialdata.zarr", ".zarr", ".zarr", ".zarr"),
        ("img.ome.tiff", ".tiff", ".tiff", ".tiff"),
        ("notes.v2.final.csv", ".csv", ".csv", ".csv"),
        ("r.bam.bai", "", ".bai", ".bai"),
        ("v.tbi", "", ".tbi", ".tbi"),
        ("p.geojson", "", ".geojson", ".geojson"),
        ("data.v1.2", "", ".2", ".2"),
        ("letter.to my friend", "", ".to my friend", ""),
        ("a." + "x" * 40, "", "." + "x" * 40, ""),
        (".hidden", "", "", ""),
        (".csv", "", "", ""),
        ("..a.csv", ".csv", ".csv", ".csv"),
        ("trailing.", "", "", ""),
        ("README", "", "", ""),
        ("folder.csv/README", "", "", ""),
        ("", "", "", ""),
    ],
)
def test_suffix_of_a_name(name: str, canonical: str, raw: str, physical: str) -> None:
    assert CanonicalSuffix.from_path(name) == canonical
    assert CanonicalSuffix.extract_from_path(f"some/folder/{name}" if "/" not in name else name) == (canonical, raw)
    assert physical_suffix(name) == physical


def test_all_known_types_are_there() -> None:
    assert len(CanonicalSuffix.simple_formats) == 233
    assert {".fastq", ".h5ad", ".parquet", ".3gpp2", ".zip"} <= CanonicalSuffix.simple_formats


@pytest.fixture
def formats() -> Iterator[None]:
    kept = {name: set(getattr(CanonicalSuffix, name)) for name in ("simple_formats", "composite_formats", "encoding_formats")}
    yield
    for name, value in kept.items():
        setattr(CanonicalSuffix, name, value)


@pytest.mark.usefixtures("formats")
def test_the_sets_can_be_extended_at_run_time() -> None:
    CanonicalSuffix.simple_formats.add(".bai")
    CanonicalSuffix.composite_formats.add(".mudata.zarr")
    CanonicalSuffix.encoding_formats.add(".lz4")
    assert CanonicalSuffix.from_path("r.bam.bai") == ".bai"
    assert CanonicalSuffix.from_path("a.mudata.zarr") == ".mudata.zarr"
    assert CanonicalSuffix.from_path("a.csv.lz4") == ".csv.lz4"
