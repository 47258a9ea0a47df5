"""`python -m lamin_codegen`: regenerate the modules of this repository, or one of a stranger with `--into`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from lamin_codegen.generating import SHIPPED, NewRevisionNeeded, Target, drift, generate, shipped
from lamin_codegen.history import HistoryError
from lamin_codegen.problems import SchemaError, listing, nearest
from lamin_codegen.render.diff import RevisionError


class UsageError(ValueError):
    """The command line does not fit together."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    found = argparse.ArgumentParser(
        prog="lamin-codegen", description="Write classes, migrations, DDL and reference pages from schemas."
    )
    found.add_argument(
        "schemas", nargs="*", metavar="SCHEMA", help="module of this repository (all by default), or schema files with --into"
    )
    found.add_argument("--into", type=Path, metavar="FOLDER", help="generated package of a module outside of this repository")
    found.add_argument(
        "--check", action="store_true", help="write nothing; show what would change and exit with 1 if anything would"
    )
    found.add_argument("-m", "--revision", metavar="MESSAGE", help="write a new revision if tables changed")
    found.add_argument(
        "--amend", action="store_true", help="write the newest revision anew; only for one that no database has yet"
    )
    found.add_argument("--allow-drop", action="store_true", help="let a new revision drop tables and columns with their rows")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, 1 for problems or drift, 2 for wrong usage."""
    options = parser().parse_args(arguments)
    try:
        return run(options)
    except UsageError as error:
        sys.stderr.write(f"lamin-codegen: {error}\n")
        return 2
    except (SchemaError, HistoryError, NewRevisionNeeded, RevisionError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def run(options: argparse.Namespace) -> int:
    """Generate, or compare for `--check`; return the exit code."""
    found = targets(options.schemas, options.into)
    if options.check:
        text = "".join(drift(target) for target in found)
        sys.stdout.write(text)
        return 1 if text else 0
    for target in found:
        for path in generate(target, options.revision, amend=options.amend, allow_drop=options.allow_drop):
            shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
            sys.stdout.write(f"{'wrote' if path.exists() else 'removed'} {shown}\n")
    return 0


def targets(schemas: Sequence[str], into: Path | None) -> list[Target]:
    """Return what the command line asks for: modules of this repository, or the one of `--into`."""
    if into is not None:
        if not schemas:
            raise UsageError("--into needs the schema files of the module, the main one last")
        return [Target(tuple(map(Path, schemas)), into, root_of(into))]
    root = root_of(Path.cwd() / "schemas")
    for name in schemas:
        if name not in SHIPPED:
            hint = "give --into FOLDER with a schema file" if name.endswith(".yaml") else nearest(name, SHIPPED)
            raise UsageError(f"there is no module `{name}` in this repository; {hint}")
    found = shipped(root, schemas)
    if not found:
        raise UsageError(f"{root} has none of the schemas {listing(SHIPPED)}; run it in the repository, or give --into FOLDER")
    return found


def root_of(folder: Path) -> Path:
    """Return the nearest folder above that is a project, which is where `docs/` goes."""
    above = folder.absolute().parents
    return next((one for one in above if (one / "pyproject.toml").exists()), above[0])


if __name__ == "__main__":
    sys.exit(main())
