"""What the query room knows, and what it loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import lamindb.query

ROOM = Path(lamindb.query.__file__).parent
FORBIDDEN = (
    "lamindb.records",
    "lamindb.artifacts",
    "lamindb.lineage",
    "lamindb.features",
    "lamindb.curation",
    "lamindb._registries",
)


def imports(tree: ast.AST) -> list[str]:
    """Modules imported at run time: not under `if TYPE_CHECKING`."""
    found = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        found += imports(node)
    return found


def test_it_imports_no_room_above_it():
    found = {path.name: imports(ast.parse(path.read_text())) for path in ROOM.glob("*.py")}
    assert found["queryset.py"]
    strangers = {name: [one for one in names if one.startswith(FORBIDDEN)] for name, names in found.items()}
    assert {name: names for name, names in strangers.items() if names} == {}


def test_nothing_heavy_is_loaded():
    code = (
        "import sys, lamindb.query.queryset; "
        "print([name for name in ('pandas', 'numpy', 'alembic', 'psycopg', 'lamindb.records.record') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
