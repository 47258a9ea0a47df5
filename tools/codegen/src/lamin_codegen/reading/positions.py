"""YAML text with the position of every key and value.

LinkML gives no line numbers. A file is therefore parsed once into YAML nodes; positions and plain data both come from these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from lamin_codegen.problems import Place, Problem

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # PyYAML built without libyaml reads the same, seven times slower
    from yaml import SafeLoader as Loader  # type: ignore[assignment]  # the two loaders share their methods, not a base

Path = tuple[str | int, ...]
"""Where a node lies in its file: `("classes", "ULabel", "mixins", 0)`."""

NAMED_BY = {
    "classes": "class",
    "attributes": "attribute",
    "slots": "slot",
    "slot_usage": "slot usage",
    "enums": "enum",
    "types": "type",
}
"""What the keys of a mapping are called in messages, by the word that holds the mapping."""


@dataclass(frozen=True, slots=True)
class YamlTree:
    """One file: plain data, and where each piece of it stands."""

    file: str
    data: dict[str, Any]
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def has(self, path: Path) -> bool:
        return path in self.values

    def key(self, path: Path) -> Place:
        """Place of the key at `path`, or of the nearest key above it."""
        return self._nearest(self.keys, path)

    def value(self, path: Path) -> Place:
        """Place of the value at `path`, or of the nearest key above it."""
        return self.values[path] if path in self.values else self.key(path)

    def _nearest(self, places: dict[Path, Place], path: Path) -> Place:
        while path:
            if path in places:
                return places[path]
            path = path[:-1]
        return Place(self.file, 1, 1)


def read_tree(file: str, text: str) -> YamlTree:
    """Parse `text`; `file` is the name that messages give.

    Text that is no YAML gives an empty tree with one problem. Keys given twice and keys that are no text are problems, too.
    """
    try:
        loader = Loader(text)
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        return YamlTree(file, {}, problems=(syntax_problem(file, text, error),))
    if not isinstance(node, yaml.MappingNode):
        problem = Problem(file, 1, 1, "no-schema", "the file holds no schema", "start with `id:`, `name:` and `imports:`")
        return YamlTree(file, {}, problems=(problem,))
    keys: dict[Path, Place] = {}
    values: dict[Path, Place] = {}
    problems: list[Problem] = []
    walk = _Walk(file, keys, values, problems)
    walk.visit(node, ())
    if any(problem.rule == "endless-alias" for problem in problems):  # constructing it would never end
        return YamlTree(file, {}, keys, values, tuple(problems))
    try:
        data = loader.construct_document(node)
    except yaml.YAMLError as error:
        return YamlTree(file, {}, keys, values, (*problems, syntax_problem(file, text, error)))
    return YamlTree(file, data, keys, values, tuple(problems))


def syntax_problem(file: str, text: str, error: yaml.YAMLError) -> Problem:
    """Turn what the YAML parser raised into a problem with a position."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = ", ".join(part for part in (error.context, error.problem) if part)
    else:  # a character that YAML forbids; the error gives its offset in the text
        before = text[: getattr(error, "position", 0)]
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        what = getattr(error, "reason", str(error))
    hint = "check the indentation and the quotes of this line and of the one above"
    return Problem(file, line, column, "yaml", f"this is no YAML: {what}", hint)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One pass over the nodes of a file that notes positions and what plain data would hide."""

    file: str
    keys: dict[Path, Place]
    values: dict[Path, Place]
    problems: list[Problem]
    above: list[yaml.Node] = field(default_factory=list)

    def visit(self, node: yaml.Node, path: Path) -> None:
        place = self.place(node)
        self.values[path] = place
        if any(node is one for one in self.above):
            message = f"the alias in `{path[-1]}` contains itself"
            self.problems.append(Problem.at(place, "endless-alias", message, "write the value out"))
            return
        self.above.append(node)
        for child, child_path in self.children(node, path):
            self.visit(child, child_path)
        self.above.pop()

    def children(self, node: yaml.Node, path: Path) -> Iterator[tuple[yaml.Node, Path]]:
        if isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                self.keys[(*path, index)] = self.place(item)
                yield item, (*path, index)
        elif isinstance(node, yaml.MappingNode):
            node.value = [(key, value) for key, value in node.value if self.keep(key, path)]
            for key, value in node.value:
                yield value, (*path, str(key.value))

    def keep(self, key: yaml.Node, above: Path) -> bool:
        """Note the place of a key; whether it stays: of a key given twice the first one does."""
        if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
            self.problems.append(self.odd_key(key))
            return False
        place, path = self.place(key), (*above, str(key.value))
        if (first := self.keys.setdefault(path, place)) == place:
            return True
        what = NAMED_BY.get(str(above[-1]), "key") if above else "key"
        message = f"{what} `{key.value}` is given twice, first in line {first.line}"
        self.problems.append(Problem.at(place, f"repeated-{what.replace(' ', '-')}", message, "rename or remove one of them"))
        return False

    def odd_key(self, key: yaml.Node) -> Problem:
        place, kind = self.place(key), key.tag.rpartition(":")[2]
        if not isinstance(key, yaml.ScalarNode):
            return Problem.at(place, "key-no-text", f"this key is a {kind}, not a name", "write a name")
        if kind == "merge":
            return Problem.at(place, "key-no-text", "merge keys (`<<`) are not read here", "write the merged words out")
        hint = f'put it in quotes: "{key.value}"'
        return Problem.at(place, "key-no-text", f"YAML reads the key `{key.value}` as {kind}", hint)

    def place(self, node: yaml.Node) -> Place:
        return Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)
