"""File types by suffix: which end of a file name says what is inside.

`notes.v2.final.csv` is a `.csv`, `counts.h5ad.tar.xz` all three parts, `data.v1.2` nothing that is known.
"""

from __future__ import annotations

import os
import re
from typing import ClassVar, Self

_SIMPLE = """
3g2 3gp 3gpp 3gpp2 7z a aac adts ai aif aifc aiff arrow ass au avi avif avro bam bat bcf bcpio bed bedgraph bigwig bin bmp bw c
cdf ckpt cpio cram csh css csv czi data db dcm dll doc dot duckdb dvi embl eml eps etx exe fa fasta fastq fcs feather gb genbank
gff gff3 gguf gif gtar gtf h h5 h5ad h5mu hdf hdf5 heic heif htm html ico ief ipynb joblib jpe jpeg jpg js json jsonl keras ksh
latex lif loas loom m1v m3u m3u8 man mar markdown md me mht mhtml mid midi mif mjs mlmodel model mov movie mp2 mp3 mp4 mpa mpe
mpeg mpg ms mtx n3 nc nd2 ndjson newick npy npz nq nt nwk nws o obj obo oda onnx opus orc p12 p7c parquet pb pbm pbtxt pct pdf
pfx pgm pic pickle pict pkl pl png pnm pot ppa ppm pps ppt ps pt pth pwz py pyc pyo qs qt ra ram rar ras rdf rds rgb roff rtf
rtx safetensors sam savedmodel sgm sgml sh shar snd so soma sqlite src srt state_dict sv4cpio sv4crc svg svs swf t tar tcl tex
texi texinfo tflite tif tiff tiledb tiledbsoma tr trig tsv txt ustar vcf vtt wasm wav webm webmanifest webp wiz wsdl xbm xlb xls
xlsx xml xpdl xpm xsl xul xwd yaml yml zarr zip
"""
_KEEPABLE = re.compile(r"\.[A-Za-z0-9_+-]{1,20}")


class CanonicalSuffix(str):
    """A suffix whose meaning is known, or an empty string; what the column `suffix` holds.

    The three sets belong to everybody: add to them to make a file type of your own known.
    """

    __slots__ = ()

    simple_formats: ClassVar[set[str]] = {f".{name}" for name in _SIMPLE.split()}
    composite_formats: ClassVar[set[str]] = {".anndata.zarr", ".vitessce.json", ".ome.zarr", ".ome.h5", ".ome.hdf5"}
    encoding_formats: ClassVar[set[str]] = {".gz", ".bz2", ".xz", ".zst"}

    @classmethod
    def from_path(cls, path: str | os.PathLike[str]) -> Self:
        """Return the known suffix of a file name, in lower case; empty where none is known.

        >>> CanonicalSuffix.from_path("plates/F.CSV")
        '.csv'
        >>> CanonicalSuffix.from_path("reads.bam.bai")
        ''
        """
        return cls.extract_from_path(path)[0]

    @classmethod
    def extract_from_path(cls, path: str | os.PathLike[str]) -> tuple[Self, str]:
        """Return the known suffix, and the suffix as it stands; they differ where the latter is not known.

        >>> CanonicalSuffix.extract_from_path("reads.bam.bai")
        ('', '.bai')
        """
        parts = _parts(path)
        found = cls._known(parts)
        return cls(found), found or (parts[-1] if parts else "")

    @classmethod
    def _known(cls, parts: list[str]) -> str:
        if not parts:
            return ""
        last = parts[-1]
        if (composite := "".join(parts[-2:])) in cls.composite_formats and len(parts) > 1:
            return composite
        if last in cls.simple_formats:
            return last
        if last not in cls.encoding_formats:
            return ""
        before = parts[:-1]
        if before[-1:] == [".tar"]:
            inside = "".join(part for part in before[-2:-1] if part in cls.simple_formats)
            return f"{inside}.tar{last}"
        return "".join(part for part in before[-1:] if part in cls.simple_formats) + last


def physical_suffix(path: str | os.PathLike[str]) -> str:
    """Return the suffix that the stored file keeps: the known one, and else what it came with, for programs that look for it.

    What does not look like a suffix (`.and then some`) is dropped.

    >>> physical_suffix("reads.bam.bai"), physical_suffix("scan.nii.gz"), physical_suffix("a.and then some")
    ('.bai', '.nii.gz', '')
    """
    canonical, raw = CanonicalSuffix.extract_from_path(path)
    if canonical not in CanonicalSuffix.encoding_formats:
        return str(canonical) or (raw if _KEEPABLE.fullmatch(raw) else "")
    inside = _parts(path)[-2:-1]
    return "".join(part for part in inside if _KEEPABLE.fullmatch(part)) + canonical


def _parts(path: str | os.PathLike[str]) -> list[str]:
    """Split a name into lower-case suffixes; own rules, because those of pathlib changed with Python 3.14."""
    name = os.path.basename(os.fspath(path)).lower()
    if name.endswith("."):
        return []
    return [f".{part}" for part in name.lstrip(".").split(".")[1:]]
