"""Locked records are read-only, whoever loaded them when (PP-11)."""

from pathlib import Path

import pytest
from lamindb_setup.databases import Database

import lamindb as ln


def refused(action, *arguments, **keywords) -> None:
    with pytest.raises(ln.errors.LockedRecord, match=r"locked"):
        action(*arguments, **keywords)


def test_pp11_locked_rows_are_not_written_by_any_way(database: Database) -> None:
    label = ln.ULabel(name="a").save()
    loaded_before = ln.ULabel.get(label.id)
    label.is_locked = True
    label.save()
    for record in (label, loaded_before, ln.ULabel.get(label.id)):
        record.description = "d"
        refused(record.save)
        refused(record.save, force=True)
        refused(ln.save, [record])
        refused(ln.save, [record, ln.ULabel(name="b").save()])
        refused(record.delete)
        refused(record.delete, permanent=True)
    refused(ln.ULabel(name="a", description="again").save)
    refused(ln.save, [ln.ULabel(name="a", description="again")])
    refused(ln.ULabel.filter(name="a").delete)
    refused(ln.ULabel.filter(name="a").delete, permanent=True)
    row = ln.ULabel.get(label.id)
    assert (row.description, row.branch.name) == (None, "main")


def test_pp11_relations_of_locked_rows_stay(database: Database, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt").save()
    kind, parent = ln.ULabel(name="kind", is_type=True).save(), ln.ULabel(name="parent").save()
    free, locked = ln.ULabel(name="free").save(), ln.ULabel(name="locked", type=kind, is_locked=True).save()
    locked_kind = ln.ULabel(name="locked kind", is_type=True, is_locked=True).save()
    refused(locked.parents.add, parent)
    refused(kind.ulabels.remove, locked)
    refused(kind.ulabels.clear)
    refused(locked_kind.ulabels.add, locked)
    locked_kind.ulabels.add(free)  # whoever joins a type changes itself
    artifact.ulabels.add(locked)  # annotating changes the artifact, not the label
    artifact.is_locked = True
    artifact.save()
    refused(artifact.ulabels.add, free)
    refused(artifact.ulabels.remove, locked)
    refused(artifact.ulabels.set, [])
    refused(artifact.ulabels.clear)
    refused(free.artifacts.add, artifact)
    refused(locked.artifacts.remove, artifact)
    assert artifact.ulabels.to_list("name") == ["locked"]
    assert locked.parents.count() == 0
    assert ln.ULabel.get(locked.id).type == kind


def test_pp11_unlocking_is_possible(database: Database) -> None:
    label = ln.ULabel(name="a", is_locked=True).save()
    label.is_locked, label.description = False, "d"
    label.save()
    ln.save([label])
    assert ln.ULabel.get(label.id).description == "d"
