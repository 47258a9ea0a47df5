"""The shape of an SQLite database, from its pragmas and, for what they do not tell, from the stored statements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lamin_codegen.shapes.shape import Fetch, Shape, TableShape

TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\w+|\S""")
"""Texts, quoted names, words and single characters."""


def shape_of_sqlite(fetch: Fetch) -> Shape:
    """Return the shape of all tables, without those of SQLite itself."""
    tables = fetch("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    return {name: _table(fetch, name, definitions(sql)) for name, sql in tables if "VIRTUAL" not in sql.split("(")[0]}


def _table(fetch: Fetch, table: str, parts: list[list[str]]) -> TableShape:
    return TableShape(
        columns=frozenset(_columns(fetch, table, parts)),
        foreign_keys=frozenset(_foreign_keys(fetch, table, parts)),
        indexes=frozenset(_indexes(fetch, table)),
        checks=frozenset(check for part in parts for check in _checks(part)),
    )


def _columns(fetch: Fetch, table: str, parts: list[list[str]]) -> Iterator[str]:
    counting = {part[0] for part in parts if "AUTOINCREMENT" in part}
    for _, name, type_, not_null, default, key, _ in fetch(f'PRAGMA table_xinfo("{table}")'):
        facts = [name, type_.lower(), "not null" if not_null else "null"]
        facts += [f"default {joined(tokens(default))}"] if default is not None else []
        facts += ["primary key"] if key else []
        yield " ".join([*facts, "counts up"] if name in counting else facts)


def _foreign_keys(fetch: Fetch, table: str, parts: list[list[str]]) -> Iterator[str]:
    deferred = {part[0] for part in parts if "DEFERRABLE INITIALLY DEFERRED" in " ".join(part)}
    for row in fetch(f'PRAGMA foreign_key_list("{table}")'):
        _, _, target, here, there, on_update, on_delete, _ = row
        when = "deferred" if here in deferred else "immediate"
        yield f"{here} -> {target}.{there or 'id'} on delete {on_delete.lower()} on update {on_update.lower()} {when}"


def _indexes(fetch: Fetch, table: str) -> Iterator[str]:
    for _, name, unique, origin, _ in fetch(f'PRAGMA index_list("{table}")'):
        if origin == "pk":
            continue
        columns = [column for _, _, column, *_, is_key in fetch(f'PRAGMA index_xinfo("{name}")') if is_key]
        ((sql,),) = fetch(f"SELECT sql FROM sqlite_master WHERE type = 'index' AND name = '{name}'")
        after_on = joined(tokens(sql)).split(f"on {table} ", 1)[1] if sql else f"({', '.join(columns)})"
        kind = "unique constraint" if origin == "u" else "unique index" if unique else "index"
        yield f"{kind} {after_on}"


def _checks(part: list[str]) -> Iterator[str]:
    for position, token in enumerate(part):
        if token == "CHECK":
            yield joined(_enclosed(part[position + 1 :]))


def _enclosed(part: list[str]) -> list[str]:
    """Return what the first pair of parentheses encloses, without further pairs around all of it."""
    inside = part[1 : _closing(part)]
    return _enclosed(inside) if inside and inside[0] == "(" and _closing(inside) == len(inside) - 1 else inside


def _closing(part: list[str]) -> int:
    depth = 0
    for position, token in enumerate(part):
        depth += (token == "(") - (token == ")")
        if depth == 0:
            return position
    raise ValueError(f"parentheses do not match in {' '.join(part)!r}")


def definitions(create_table: str) -> list[list[str]]:
    """Return the tokens of each column and constraint of a CREATE TABLE statement."""
    parts: list[list[str]] = [[]]
    depth = 0
    body = tokens(create_table[create_table.index("(") :])
    for token in body[1:-1]:
        depth += (token == "(") - (token == ")")
        if token == "," and depth == 0:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def tokens(sql: str) -> list[str]:
    """Return the tokens, keywords and functions in capitals as they are written, names without quotes."""
    return [token[1:-1].replace('""', '"') if token[0] == '"' else token for token in TOKEN.findall(sql)]


def joined(parts: list[str]) -> str:
    """Return the tokens as text in lower case, apart from texts in quotes."""
    text = " ".join(part if part[0] == "'" else part.lower() for part in parts)
    return re.sub(r"\( | (?=[,)])", lambda found: found[0].strip(), text)
