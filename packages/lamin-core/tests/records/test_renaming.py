"""Renamed labels and features keep their old names, and the artifacts that still say them are told (PP-29)."""

import contextlib
import json
import logging
import re
from pathlib import Path

import pytest
from lamindb_setup.databases import Database
from lamindb_setup.testing import QueryLog

import lamindb as ln
from lamindb.records import renaming


@pytest.fixture
def artifacts(database: Database, tmp_path: Path) -> list[ln.Artifact]:
    for name in "abc":
        (tmp_path / name).write_text(name)
    found = [ln.Artifact(tmp_path / name, key=name) for name in "abc"]
    ln.save(found)
    return found


def link(artifact: ln.Artifact, label: ln.ULabel, feature: ln.Feature | None) -> None:
    ln.save([ln.models.ArtifactULabel(artifact=artifact, ulabel=label, feature=feature)])


def renames(record) -> dict[str, str]:
    row = type(record).get(record.id)
    assert row._aux == record._aux
    return row._aux["renamed"]


@pytest.mark.parametrize("registry", ["ULabel", "Record", "Project", "Reference", "Feature"])
@pytest.mark.parametrize("together", [False, True])
def test_pp29_the_old_name_is_kept(database: Database, registry: str, together: bool) -> None:
    values = {"dtype": "str"} if registry == "Feature" else {}
    record = getattr(ln, registry)(name="old", **values).save()
    before = record.updated_at
    for name in ("newer", "newest"):
        record.name = name
        ln.save([record, getattr(ln, registry)(name="another", **values)]) if together else record.save()
    assert list(renames(record).values()) == ["old", "newer"]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", moment) for moment in renames(record))
    assert record.updated_at > before
    assert type(record).get(record.id).updated_at == record.updated_at


def test_pp29_former_names_of_features_are_synonyms(database: Database) -> None:
    feature = ln.Feature("old", str, synonyms="other").save()
    feature.name = "new"
    feature.save()
    assert ln.Feature.get(feature.id).synonyms == feature.synonyms == "other|old"
    feature.name = "old"
    feature.save()
    assert ln.Feature.get(feature.id).synonyms == "other|new"


def test_pp29_what_others_noted_is_not_lost(database: Database) -> None:
    """A copy that was loaded before does not write its `_aux` over the present one."""
    mine = ln.ULabel(name="kind", is_type=True).save()
    theirs = ln.ULabel.get(mine.id)
    theirs.settings.single_space = True
    theirs.save()
    mine.name = "sort"
    mine.save()
    aux = ln.ULabel.get(mine.id)._aux
    assert aux["ss"] == 1
    assert list(aux["renamed"].values()) == ["kind"]


@pytest.mark.parametrize("aux", [[1], "text", {"renamed": 5}])
def test_pp29_what_somebody_else_keeps_there_stays(database: Database, aux: object) -> None:
    record = ln.Record(name="old").save()
    record._aux = aux
    record.save()
    record.name = "new"
    record.save()
    assert (ln.Record.get(record.id).name, ln.Record.get(record.id)._aux) == ("new", aux)


def test_pp29_artifacts_with_the_old_name_are_told(
    artifacts: list[ln.Artifact], queries: QueryLog, caplog: pytest.LogCaptureFixture
) -> None:
    label, feature = ln.ULabel(name="blod").save(), ln.Feature("tissue", "cat[ULabel]").save()
    link(artifacts[0], label, feature)
    link(artifacts[0], label, None)
    link(artifacts[1], label, feature)
    link(artifacts[2], label, None)  # the label says something of the artifact, but its data do not name it
    label.name = "blood"
    label.save()
    uids = ", ".join(one.uid for one in artifacts[1::-1])
    assert caplog.messages == [
        f"ULabel 'blod' is called 'blood' now, but 2 artifacts may still say 'blod' in values of their data: {uids}; "
        "change and curate them again"
    ]
    assert caplog.records[0].levelno == logging.WARNING


def test_pp29_artifacts_with_a_renamed_column_are_told(artifacts: list[ln.Artifact], caplog: pytest.LogCaptureFixture) -> None:
    feature, schema = ln.Feature("tisue", str).save(), ln.Schema(itype=ln.Feature).save()
    ln.save([ln.models.SchemaFeature(schema=schema, feature=feature)])
    ln.save([ln.models.ArtifactSchema(artifact=artifacts[0], schema=schema)])
    feature.name = "tissue"
    feature.save()
    assert caplog.messages == [
        "Feature 'tisue' is called 'tissue' now, but 1 artifact may still say 'tisue' in a column of its data: "
        f"{artifacts[0].uid}; change and curate it again"
    ]


def test_pp29_nobody_is_told_what_was_rolled_back(artifacts: list[ln.Artifact], caplog: pytest.LogCaptureFixture) -> None:
    label, feature = ln.ULabel(name="blod").save(), ln.Feature("tissue", "cat[ULabel]").save()
    link(artifacts[0], label, feature)
    label.name = "blood"
    with contextlib.suppress(ZeroDivisionError), ln.transaction():
        label.save()
        1 / 0  # noqa: B018
    assert caplog.messages == []
    assert ln.ULabel.get(label.id)._aux is None


@pytest.mark.parametrize("number", [2, 60])
def test_pp29_statements_do_not_grow_with_renames_or_artifacts(
    artifacts: list[ln.Artifact], queries: QueryLog, caplog: pytest.LogCaptureFixture, number: int, tmp_path: Path
) -> None:
    labels, feature = [ln.ULabel(name=f"old {i}") for i in range(number)], ln.Feature("tissue", "cat[ULabel]").save()
    ln.save(labels)
    ln.save([ln.models.ArtifactULabel(artifact=one, ulabel=label, feature=feature) for label in labels for one in artifacts])
    for label in labels:
        label.name = label.name.replace("old", "new")
    with queries.at_most(6):
        ln.save(labels)
    assert len(caplog.messages) == number
    assert ln.ULabel.filter(name__startswith="new ").count() == number
    assert all(list(renames(label).values()) == [label.name.replace("new", "old")] for label in labels[:3])


def test_pp29_many_artifacts_are_counted(
    artifacts: list[ln.Artifact], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renaming, "LISTED", 2)
    label, feature = ln.ULabel(name="blod").save(), ln.Feature("tissue", "cat[ULabel]").save()
    for one in artifacts:
        link(one, label, feature)
    label.name = "blood"
    label.save()
    assert (
        f"3 artifacts may still say 'blod' in values of their data: {artifacts[2].uid}, {artifacts[1].uid} and 1 more;"
        in caplog.text
    )


def test_pp29_the_trigger_of_an_adopted_database_is_left_to_it(database: Database) -> None:
    """On Postgres LaminDB's trigger notes the old names of features; they are not noted twice."""
    if database.dialect != "postgresql":
        pytest.skip("LaminDB has triggers on Postgres only")
    name = "pgtrigger_update_feature_on_name_change_6c32d"
    with database.writing() as transaction:
        run = transaction.connection.exec_driver_sql
        run(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " NEW._aux = jsonb_build_object('renamed', jsonb_build_object('2024Z', OLD.name)); RETURN NEW; END $$"
        )
        run(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON lamindb_feature FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name)"
            f" EXECUTE FUNCTION {name}()"
        )
    try:
        feature = ln.Feature("old", str).save()
        feature.name = "new"
        feature.save()
        assert json.dumps(ln.Feature.get(feature.id)._aux) == '{"renamed": {"2024Z": "old"}}'
        assert ln.Feature.get(feature.id).synonyms is None
    finally:
        with database.writing() as transaction:
            transaction.connection.exec_driver_sql(f"DROP TRIGGER {name} ON lamindb_feature; DROP FUNCTION {name}()")


@pytest.mark.parametrize("build", [lambda: ln.Schema(name="a", itype=ln.Feature), lambda: ln.Branch(name="a")])
def test_pp29_other_registries_keep_no_names(database: Database, build) -> None:
    record = build().save()
    record.name = "b"
    record.save()
    assert type(record).get(record.id)._aux is None
