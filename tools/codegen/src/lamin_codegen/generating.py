"""All generated files of a module, from its schema files to text on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from lamin_codegen.checking import check
from lamin_codegen.history import History, read_history
from lamin_codegen.loading import load
from lamin_codegen.model import SchemaModel
from lamin_codegen.output import differences, formatted, write
from lamin_codegen.reading.raw import RawSchema
from lamin_codegen.render.classes import render_classes
from lamin_codegen.render.ddl import render_ddl
from lamin_codegen.render.index import render_index
from lamin_codegen.render.markers import MARKER
from lamin_codegen.render.reference import render_reference
from lamin_codegen.render.revision import FOLDER, render_revisions
from lamin_codegen.render.snapshot import numbered

FIRST_REVISION = "First tables of {module}."


@dataclass(frozen=True, slots=True)
class Target:
    """Where the schemas of a module lie and where its generated code goes."""

    schemas: tuple[Path, ...]
    """Files of the module, the main one last."""
    package: Path
    """Folder of the generated package."""
    root: Path
    """Folder that holds `docs/`."""


SHIPPED = {
    "core": (("base", "core"), "packages/lamin-core/src/lamindb/_registries"),
    "bionty": (("bionty",), "packages/bionty/src/bionty/_registries"),
    "wetlab": (("wetlab",), "packages/wetlab/src/wetlab/_registries"),
}
"""Modules of this repository: schemas below `schemas/`, and the package that owns them."""


class NewRevisionNeeded(ValueError):
    """The tables changed since the newest revision, and nobody said what for; `revision` is the name of the missing one."""

    def __init__(self, module: str, newest: str, revision: str) -> None:
        self.revision = revision
        super().__init__(f"tables of {module} changed since {newest}; give a message with -m to write {revision}")


def shipped(root: Path, names: Sequence[str] = ()) -> list[Target]:
    """Return the targets of modules of this repository, all whose schema exists unless named."""
    folder = root / "schemas"
    short = folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder  # as messages show it
    chosen = names or [name for name in SHIPPED if (folder / f"{name}.yaml").exists()]
    return [Target(tuple(short / f"{one}.yaml" for one in SHIPPED[name][0]), root / SHIPPED[name][1], root) for name in chosen]


def generate(target: Target, message: str | None = None, *, amend: bool = False, allow_drop: bool = False) -> list[Path]:
    """Write the generated files of a module; return those that were written or removed.

    Parameters
    ----------
    target
        Schemas and folders.
    message
        What a new revision is for. Needed when tables changed, except for the first revision.
    amend
        Whether the newest revision is written anew. Only for one that no database has yet.
    allow_drop
        Whether a new revision drops tables and columns that are no longer declared, with their rows.

    Raises
    ------
    SchemaError: a schema has problems. Nothing is written.
    HistoryError: an earlier revision can't be read. Nothing is written.
    NewRevisionNeeded: tables changed and there is no message. Nothing is written.
    RevisionError: a new revision would lose rows or has no value for a new column. Nothing is written.
    """
    history = read_history(target.package)
    kept = history.before_newest() if amend else history
    files = prepare(target, kept, message, allow_drop=allow_drop)
    changed = write(files, target.package, target.root)
    return changed + remove_revision(target, history, files) if amend else changed


def remove_revision(target: Target, history: History, files: Mapping[str, str]) -> list[Path]:
    """Remove the newest revision if the tables no longer need it; return its files."""
    names = [f"{FOLDER}/{path.name}" for path in target.package.glob(f"{FOLDER}/{history.names[-1]}.*")] if history.names else []
    gone = [target.package / name for name in names if name not in files]
    for path in gone:
        path.unlink()
    return gone


def drift(target: Target) -> str:
    """Return a unified diff between the generated files on disk and those that the schemas give; raises what `generate` does."""
    return differences(prepare(target, read_history(target.package)), target.package, target.root)


def prepare(target: Target, history: History, message: str | None = None, *, allow_drop: bool = False) -> dict[str, str]:
    """Load, check and render."""
    raw = load(target.schemas)
    model = check(raw, previous=history.registries)
    return render_all(model, copies(raw), history, message, allow_drop=allow_drop)


def render_all(
    model: SchemaModel,
    schemas: Mapping[str, str] | None = None,
    history: History | None = None,
    message: str | None = None,
    *,
    allow_drop: bool = False,
) -> dict[str, str]:
    """Return the text of every generated file, by path relative to the generated package, or from `docs/` to the repository.

    Parameters
    ----------
    model
        A checked module.
    schemas
        Copies of its schema files that go into the package, see `copies`.
    history
        Revisions that exist; none by default.
    message
        What a new revision is for.
    allow_drop
        Whether a new revision drops what is no longer declared.

    Raises
    ------
    NewRevisionNeeded: tables changed since the newest revision and there is no message.
    """
    history = history or History()
    model = numbered(model, history.newest)
    revision = render_revisions(
        model, history.newest, message or FIRST_REVISION.format(module=model.module), allow_drop=allow_drop
    )
    names = history.names
    if revision:
        name = next(path.removeprefix(f"{FOLDER}/").removesuffix(".py") for path in revision if path.endswith(".py"))
        if history.newest and not message:
            raise NewRevisionNeeded(model.module, history.newest.revision, name)
        names = (*names, name)
    files = [render_classes(model), render_index(model, names), render_ddl(model), render_reference(model), revision]
    texts = {path: text for some in (*files, schemas or {}) for path, text in some.items()}
    return formatted(texts, own_package=model.package.partition(".")[0])


def copies(raw: RawSchema) -> dict[str, str]:
    """Return the module's schema files as they go into its package, for machines that have nothing but wheels."""
    return {
        "_schema.yaml" if document.name == raw.main else f"_{document.name}.yaml": (
            f"# {MARKER} from {PurePath(document.tree.file).name}; edit that file and regenerate.\n{document.text}"
        )
        for document in raw.own
    }
