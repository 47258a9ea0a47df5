"""Generated files on disk: formatting, comparing, writing, removing what is no longer made."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory

from lamin_codegen.render.markers import MARKER

LINE_LENGTH = 130
DOCS = "docs/"
"""Paths that start so are relative to the root of the repository; all others to the module's generated package."""


class FormattingError(RuntimeError):
    """Rendered Python that ruff can't read: a mistake in a renderer, not in a schema."""


def formatted(files: Mapping[str, str], own_package: str) -> dict[str, str]:
    """Return the files with Python formatted and imports sorted as in hand-written code, by ruff.

    Parameters
    ----------
    files
        Texts by path.
    own_package
        Top-level package of the module: its imports stand in a block of their own.

    Raises
    ------
    FormattingError: a file is no Python.
    """
    python = [name for name in files if name.endswith(".py")]
    with TemporaryDirectory() as folder:
        for name in python:
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[name], encoding="utf-8")
        ruff(
            "check",
            folder,
            "--output-format=concise",
            "--fix",
            "--select=I",
            f"--config=lint.isort.known-first-party=['{own_package}']",
        )
        ruff("format", folder)
        return dict(files) | {name: Path(folder, name).read_text(encoding="utf-8") for name in python}


def ruff(command: str, folder: str, *options: str) -> None:
    """Run ruff over a folder, free of any configuration around it."""
    common = ["--isolated", "--quiet", "--no-cache", f"--line-length={LINE_LENGTH}", "--target-version=py311"]
    arguments = [sys.executable, "-m", "ruff", command, *common, *options, folder]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise FormattingError(f"rendered Python can't be formatted: {done.stdout.strip()} {done.stderr.strip()}")


def target(name: str, package: Path, root: Path) -> Path:
    """Return where a file goes."""
    return (root if name.startswith(DOCS) else package) / name


def differences(files: Mapping[str, str], package: Path, root: Path) -> str:
    """Return a unified diff from the files on disk to those given, and to nothing for stale ones; empty if all is current."""
    lines: list[str] = []
    for name, text in sorted(files.items()):
        path = target(name, package, root)
        lines += diff_lines(path, root, path.read_text(encoding="utf-8") if path.exists() else "", text)
    for path in stale(files, package):
        lines += diff_lines(path, root, path.read_text(encoding="utf-8"), "")
    return "".join(lines)


def diff_lines(path: Path, root: Path, before: str, after: str) -> Iterator[str]:
    """Return the unified diff of one file."""
    name = str(path.relative_to(root) if path.is_relative_to(root) else path)
    return unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), name, f"{name} (generated)")


def write(files: Mapping[str, str], package: Path, root: Path) -> list[Path]:
    """Write the files whose text changed and remove stale ones; return both. All others keep their modification time."""
    changed = []
    for name, text in sorted(files.items()):
        path = target(name, package, root)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    for path in stale(files, package):
        path.unlink()
        changed.append(path)
    return changed


def stale(files: Iterable[str], package: Path) -> list[Path]:
    """Return files in the package that an earlier run made and this one does not. Only the marker in line 1 tells them."""
    made = {package / name for name in files}
    return [path for path in sorted(package.rglob("*")) if path not in made and path.is_file() and is_generated(path)]


def is_generated(path: Path) -> bool:
    """Return whether line 1 has the marker."""
    with path.open("rb") as file:
        return MARKER.encode() in file.readline()
