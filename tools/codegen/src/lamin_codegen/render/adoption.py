"""Rows of django_migrations that tell LaminDB which of its migrations a new database is equal to.

LaminDB refuses a database whose rows differ from its own list. An order is not promised, the names are.
"""

from __future__ import annotations

from lamin_codegen.render.identifiers import literal

MIGRATIONS = {
    "lamindb": (
        "0177_squashed",
        "0177_alter_artifactblock_artifact_and_more",
        "0178_v2_2",
        "0179_v2_2_part_2",
        "0180_v2_2_part_3",
        "0181_v2_2_part_4",
        "0182_v2_2_part_5",
        "0183_v2_2_part_6",
        "0183_squashed",
        "0184_alter_transformrecord_feature",
        "0185_alter_runrecord_feature",
        "0186_v2_4",
        "0187_v2_4_part_2",
        "0187_squashed",
        "0188_remove_record_prevent_record_type_cycle_and_more",
        "0189_v2_6",
        "0190_v2_6_1",
        "0191_artifactschema_unique_slot_schema",
        "0192_v2_9",
        "0193_v2_9_part_2",
        "0193_squashed",
    ),
}
"""Migrations of LaminDB 2.12 by the module that declares the same tables."""


def statements(module: str, now: str) -> list[str]:
    """Return one INSERT with the migrations that revision 1 of the module stands for, or nothing; `now` is the time as SQL."""
    if not (names := MIGRATIONS.get(module)):
        return []
    rows = ",\n  ".join(f"({literal(module)}, {literal(name)}, {now})" for name in names)
    return [f'INSERT INTO "django_migrations" ("app", "name", "applied") VALUES\n  {rows}']
