"""First step of code generation: files into a `RawSchema`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from lamin_codegen.problems import Place, Problem, nearest
from lamin_codegen.reading import linkml
from lamin_codegen.reading.forms import ABSENT, Spot
from lamin_codegen.reading.imports import Installed, Source, UnreadableSource, beside, find_source, read_source
from lamin_codegen.reading.positions import YamlTree, read_tree
from lamin_codegen.reading.raw import Document, RawClass, RawEnum, RawSchema, RawSlot
from lamin_codegen.reading.vocabulary import SCHEMA

Element = TypeVar("Element", RawClass, RawSlot, RawEnum)
SHIPPED_WITH_LINKML = ("linkml:types",)
ANY_NAME = "schema"
"""A file of this name may hold a schema of any name, that of the module whose project it lies in."""


def load(paths: Sequence[Path]) -> RawSchema:
    """Read the schema files of one module and everything they import.

    The last path is the main schema: its `module` is the one that code is generated for. A name under `imports` means the file of
    that name in the same folder, else a schema of an installed module.

    Nothing is raised for bad files: what is wrong with them is in `problems` of the result, and `check` reports it.
    """
    loading = _Loading()
    names = [loading.read(path) for path in paths]
    return loading.result(names[-1] if names else "")


@dataclass(slots=True)
class _Loading:
    """Files read so far. Depth first, so that `documents` has dependencies first."""

    installed: Installed = field(default_factory=Installed)
    documents: dict[str, Document] = field(default_factory=dict)
    definitions: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    """Names of the schemas whose imports are being read, outermost first."""
    complete: bool = True

    def read(self, path: Path) -> str:
        """Read a file that the user named; return the name of its schema."""
        try:
            source = read_source(path)
        except UnreadableSource as error:
            self.fail(Place(str(path), 1, 1), "unreadable", f"the file can't be read ({error})", "give the path of a schema file")
            source = Source(str(path), "", path.parent)
            self.documents.setdefault(path.stem, Document(path.stem, YamlTree(str(path), {}), "", path.stem))
            return path.stem
        name = stem_or_name(path, source.text)
        return name if name in self.documents else self.take(name, source, module=None)

    def fail(self, place: Place, rule: str, message: str, hint: str) -> None:
        self.problems.append(Problem.at(place, rule, message, hint))
        self.complete = False

    def take(self, name: str, source: Source, module: str | None) -> str:
        """Read a schema and what it imports; `module` is that of the importer, for schemas that name none."""
        tree = read_tree(source.file, source.text)
        self.problems += tree.problems
        data: dict[str, Any] = self.tidy(tree, name) if tree.data else {"id": name, "name": name}
        self.complete &= bool(tree.data)
        notes: dict[str, Any] = data.get("annotations", {})
        module = str(notes.get("module") or module or name)
        self.open.append(name)
        for index, imported in enumerate(data.get("imports", [])):
            self.follow(str(imported), tree.value(("imports", index)), source, module)
        self.open.pop()
        definition, problems = linkml.define(tree, data)
        self.problems += problems
        imports = tuple(one for one in data.get("imports", []) if one not in SHIPPED_WITH_LINKML)
        description = str(data.get("description", ""))
        self.documents[name] = Document(name, tree, source.text, module, imports, description, linkml.notes_of(definition))
        self.definitions[name] = definition
        return name

    def tidy(self, tree: YamlTree, name: str) -> dict[str, Any]:
        problems: list[Problem] = []
        tidied = SCHEMA.tidy(tree.data, Spot(tree, (), problems))
        data: dict[str, Any] = {} if tidied is ABSENT else tidied
        for word, example in (("id", f"https://example.org/{name}"), ("name", name)):
            if not tree.has((word,)):
                message = f"the schema has no `{word}`"
                problems.append(Problem.at(Place(tree.file, 1, 1), "missing-word", message, f"write `{word}: {example}`"))
        if data.get("name", name) != name:
            message = f"the schema is called `{data['name']}`, but it is found under `{name}`"
            problems.append(Problem.at(tree.value(("name",)), "other-name", message, f"write `name: {name}`"))
        self.problems += problems
        return {"id": name} | data | {"name": name}

    def follow(self, name: str, place: Place, importer: Source, module: str) -> None:
        """Read an imported schema, unless it was read before."""
        if name in SHIPPED_WITH_LINKML or name in self.documents:
            return
        if not re.fullmatch(r"[A-Za-z_][\w-]*", name):
            message = f"`{name}` is no name of a schema"
            self.fail(place, "unknown-import", message, f"write `{PurePosixPath(name).name.removesuffix('.yaml')}`")
            return
        if name in self.open:
            circle = " → ".join([*self.open[self.open.index(name) :], name])
            message = f"imports go in a circle: {circle}"
            hint = "move what both need into a schema that imports neither"
            self.problems.append(Problem.at(place, "cyclic-import", message, hint))
            return
        try:
            found = find_source(name, importer, self.installed)
        except UnreadableSource as error:
            self.fail(place, "unreadable", f"the schema `{name}` can't be read ({error})", "repair or reinstall it")
            return
        if found is None:
            message = f"there is no schema `{name}`, neither beside this file nor in an installed module"
            others = [one for one in (*beside(importer), *self.installed.schemas) if one != self.open[-1]]
            hint = "install the package that has it, or correct the name"
            close = nearest(name, others, otherwise=hint)
            self.fail(place, "unknown-import", message, close if close.startswith("write") else hint)
            return
        self.take(name, found, module if found.folder else None)

    def result(self, main: str) -> RawSchema:
        classes: dict[str, RawClass] = {}
        slots: dict[str, RawSlot] = {}
        enums: dict[str, RawEnum] = {}
        for name, definition in self.definitions.items():
            found_classes, found_slots, found_enums = linkml.elements_of(definition, self.documents[name])
            self.join("class", classes, found_classes)
            self.join("slot", slots, found_slots)
            self.join("enum", enums, found_enums)
        self.check_reached(main)
        view = linkml.view_of(self.definitions, main) if self.complete else None
        types = linkml.types_of(view) if view else {}
        problems = tuple(sorted(set(self.problems)))
        return RawSchema(self.documents, main, classes, slots, enums, types, problems, self.complete, view)

    def join(self, what: str, known: dict[str, Element], found: dict[str, Element]) -> None:
        """Add elements of one schema to those of the schemas it imports; names are shared by all of them."""
        for name, element in found.items():
            if name in known:
                place, first = element.origin.key(), known[name].origin.key()
                message = f"{what} `{name}` is given twice, first in {first.file}:{first.line}"
                self.problems.append(Problem.at(place, f"repeated-{what}", message, "rename or remove one of them"))
            else:
                known[name] = element

    def check_reached(self, main: str) -> None:
        reached, todo = {main}, [main]
        while todo:
            new = [name for name in self.documents[todo.pop()].imports if name in self.documents and name not in reached]
            reached.update(new)
            todo += new
        for name in self.documents.keys() - reached:
            message = f"the main schema `{main}` does not import `{name}`"
            place = self.documents[main].tree.key(("imports",))
            self.fail(place, "not-imported", message, f"add `{name}` to its `imports`, or leave the file out")


def stem_or_name(path: Path, text: str) -> str:
    """Return the name under which a schema is found: that of its file, or what a `schema.yaml` or a copy itself says."""
    said = (
        re.search(r"^name:[ \t]*([A-Za-z_][\w-]*)", text, re.MULTILINE)
        if path.stem == ANY_NAME or path.stem.startswith("_")
        else None
    )
    return said[1] if said else path.stem
