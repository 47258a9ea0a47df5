"""The reference page of a module: every registry with its columns and relations, in Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from lamin_codegen.model import Column, Registry, SchemaModel
from lamin_codegen.render.markers import markdown_header


def render_reference(model: SchemaModel) -> dict[str, str]:
    """Return `docs/reference/<module>.md`."""
    parts = [f"{markdown_header(model)}\n# Registries of `{model.module}`\n"]
    if model.description:
        parts.append(f"{model.description.strip()}\n")
    shown = [registry for registry in model.registries if not registry.is_link]
    links = [registry for registry in model.registries if registry.is_link]
    parts.append("\n".join(f"* [{registry.name}](#{registry.name.lower()})" for registry in shown) + "\n")
    parts += [page(registry) for registry in shown]
    if links:
        parts.append(
            "## Link registries\n\nRows that relate two records, queryable as `record.links_…` and as `ln.models.<Name>`.\n"
        )
        parts.append(table(("registry", "table", "columns"), [link_row(registry) for registry in links]))
    return {f"docs/reference/{model.module}.md": "\n".join(parts)}


def page(registry: Registry) -> str:
    """Return the section of a registry."""
    lines = [f"## {registry.name}\n", f"{' '.join(registry.description.split())}\n", f"Table `{registry.table}`.\n"]
    if registry.deprecated:
        lines.append(f"Deprecated: {registry.deprecated}\n")
    lines.append(table(("column", "type", "default", "meaning"), [column_row(column) for column in registry.columns]))
    relations = [(f"`{one.name}`", f"one {short(one.target)}", f"`{one.column}`") for one in registry.to_one]
    relations += [(f"`{many.name}`", f"many {short(many.target)}", f"over `{short(many.through)}`") for many in registry.to_many]
    relations += [
        (f"`{back.name}`", f"many {short(back.target)}", f"`{short(back.target)}.{back.column}`") for back in registry.reverse
    ]
    if relations:
        lines.append(table(("relation", "to", "through"), relations))
    return "\n".join(lines)


def short(qualified: str) -> str:
    """Return a qualified name as it is said: without the module of the core."""
    return qualified.removeprefix("lamindb.")


def column_row(column: Column) -> tuple[str, ...]:
    """Return the cells of a column."""
    kind = f"{column.type}({column.max_length})" if column.type == "string" else column.type
    if column.references:
        kind = f"→ {short(column.references.target)}"
    marks = [
        mark for mark, is_set in (("key", column.primary_key), ("unique", column.unique), ("indexed", column.index)) if is_set
    ]
    marks += [] if column.nullable or column.primary_key else ["required"]
    default = column.db_default if column.db_default is not None else column.default
    meaning = " ".join(column.description.split()).replace("|", "\\|")
    if column.choices:
        meaning += f" One of {', '.join(f'`{choice}`' for choice in column.choices)}."
    return (f"`{column.name}`", ", ".join([kind, *marks]), "" if default is None else f"`{default}`", meaning)


def link_row(registry: Registry) -> tuple[str, ...]:
    """Return the cells of a link registry."""
    return (f"`{registry.name}`", f"`{registry.table}`", ", ".join(f"`{column.name}`" for column in registry.columns))


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Write rows as a Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"
