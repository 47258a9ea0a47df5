"""Data frames: columns, their order and types, related values, and how often the database is asked."""

from __future__ import annotations

import pandas as pd
import pytest
from lamindb_setup.testing import QueryLog

import lamindb as ln

LABEL_COLUMNS = {
    "uid": "object",
    "name": "object",
    "description": "object",
    "reference": "object",
    "reference_type": "object",
    "is_locked": "bool",
    "is_type": "bool",
    "created_at": "datetime64[us, UTC]",
    "branch_id": "int64",
    "created_on_id": "int64",
    "space_id": "int64",
    "created_by_id": "int64",
    "run_id": "Int64",
    "type_id": "Int64",
}


def test_columns_and_their_types(rows_of):
    for labels in (rows_of("ULabel"), rows_of("ULabel").filter(name="none"), rows_of("ULabel").filter(type=None)):
        frame = labels.to_dataframe()
        # order within the groups is that of the declaration, the groups themselves are fixed
        assert dict(frame.dtypes.astype(str)) == LABEL_COLUMNS
        names = list(frame.columns)
        assert names[:2] == ["uid", "name"]
        assert names[-len([name for name in names if name.endswith("_id")]) - 3 :][:3] == ["is_locked", "is_type", "created_at"]
        assert (frame.index.name, str(frame.index.dtype)) == ("id", "int64")


def test_rows(rows_of):
    frame = rows_of("ULabel").to_dataframe()
    assert list(frame.index) == list(range(13, 0, -1))
    row = frame.loc[3]
    assert (row["uid"], row["name"], row["type_id"], row["reference_type"]) == ("00000003", "alpha", 1, None)
    assert row["created_at"] == pd.Timestamp("2024-03-01 02:59:59.123", tz="UTC")
    assert frame.loc[1, "type_id"] is pd.NA
    artifacts = rows_of("Artifact").to_dataframe()
    assert artifacts.loc[5, "extra_data"] == {"a": [1, None]}
    assert artifacts["size"].dtype == "Int64"
    assert artifacts.loc[2, "size"] == 2**40
    assert list(artifacts.columns)[:2] == ["uid", "key"]


def test_versions_stand_behind(rows_of):
    names = list(rows_of("Artifact").to_dataframe().columns)
    start = names.index("version_tag")
    assert names[start : start + 4] == ["version_tag", "is_latest", "is_locked", "created_at"]
    assert all(name.endswith("_id") for name in names[start + 4 :])
    assert not any(name.startswith("_") or name in ("id", "updated_at") for name in names)


def test_registries_without_uid_or_rows(rows_of):
    names = list(rows_of("ArtifactULabel").to_dataframe().columns)
    assert names[0] == "created_at"
    assert set(names[1:]) == {"created_by_id", "run_id", "artifact_id", "ulabel_id", "feature_id"}
    assert rows_of("Collection").to_dataframe().empty
    assert list(rows_of("Feature").to_dataframe(include="privates").columns).count("_dtype_str") == 1
    assert "_dtype_str" in rows_of("Feature").to_dataframe().columns


def test_order_and_limit(rows_of):
    labels = rows_of("ULabel")
    assert list(labels.to_dataframe(order_by="name", limit=2).index) == [4, 2]
    assert list(labels.to_dataframe(order_by=None, limit=3).index) == [1, 2, 3]
    assert list(labels.order_by("-name").to_dataframe(limit=2).index) == [8, 9]
    assert list(labels.order_by("-name").to_dataframe(limit=2, order_by="id").index) == [8, 9]
    assert list(labels[2:5].to_dataframe().index) == [3, 4, 5]
    assert list(labels[2:5].to_dataframe(limit=1).index) == [3]
    assert len(labels.to_dataframe(limit=0)) == 0
    assert len(labels.to_dataframe(limit=None)) == 13


def test_only_the_default_limit_warns(database):
    ln.save([ln.ULabel(name=f"label {number}") for number in range(21)])
    with pytest.warns(UserWarning, match="only 20 ULabel rows are shown; to see all, pass limit=None") as caught:
        frame = ln.ULabel.filter().to_dataframe()
    assert list(frame["name"]) == [f"label {number}" for number in range(20, 0, -1)]
    assert caught[0].filename == __file__
    assert len(ln.ULabel.to_dataframe(limit=19)) == 19
    assert len(ln.ULabel.to_dataframe(limit=21)) == len(ln.ULabel.to_dataframe(limit=None)) == 21
    assert len(ln.ULabel.filter(name__contains="1").to_dataframe()) == 11


def test_include_to_one(rows_of, world_database):
    artifacts = rows_of("Artifact")
    paths = ["run__transform__key", "run__finished_at", "run___status_code", "created_by__handle", "run__transform__is_latest"]
    with QueryLog(world_database).exactly(1):
        frame = artifacts.to_dataframe(include=paths, order_by="id")
    assert list(frame.columns) == ["uid", "key", *paths]
    assert list(frame["run__transform__key"]) == ["prep.py", "prep.py", "fit.ipynb", None, None, "prep.py"]
    assert [str(frame[path].dtype) for path in paths] == ["object", "datetime64[us, UTC]", "Int64", "object", "boolean"]
    assert frame.loc[5, "run__transform__is_latest"] is pd.NA
    assert frame.loc[1, "run__finished_at"] == pd.Timestamp("2024-03-01 00:00:00.123", tz="UTC")
    empty = artifacts.filter(key="none").to_dataframe(include=paths)
    assert dict(empty.dtypes) == dict(frame.dtypes)


def test_include_to_many(rows_of, world_database):
    artifacts = rows_of("Artifact")
    paths = ["ulabels__name", "ulabels__type__name", "run__output_artifacts__size", "ulabels__id"]
    with QueryLog(world_database).exactly(4):  # ulabels__name and ulabels__id together
        frame = artifacts.to_dataframe(include=paths, order_by="id")
    assert list(frame.columns) == ["uid", "key", *paths]
    # alpha is linked to the first artifact twice, once for a feature, and is one label all the same
    assert list(frame["ulabels__name"])[:3] == [["alpha", "Alpha"], ["alpha", "al*a?[b]"], []], (
        "what lies in the trash is not seen"
    )
    assert list(frame["ulabels__type__name"])[:2] == [["Tissue", "Tissue"], ["Tissue", "Disease"]]
    assert list(frame["ulabels__id"]) == [[3, 4], [3, 7], [], [], [3, 4, 5], [10]]
    assert list(frame["run__output_artifacts__size"]) == [[10], [2**40, 8], [0], [], [], [2**40, 8]]
    with QueryLog(world_database).exactly(1):  # no rows, so nothing that is related
        empty = artifacts.filter(key="none").to_dataframe(include=paths)
    assert dict(empty.dtypes) == dict(frame.dtypes)
    untyped = rows_of("Artifact").filter(branch=2).to_dataframe(include="ulabels__type__name")
    assert list(untyped["ulabels__type__name"]) == [[None]]


def test_include_fields_of_the_registry(rows_of):
    labels = rows_of("ULabel")
    assert list(labels.to_dataframe(include="reference").columns) == ["uid", "name", "reference"]
    assert list(labels.to_dataframe(include=["type_id", "name", "uid", "id"]).columns) == ["uid", "name", "type_id"]
    assert list(labels.to_dataframe(include=[]).columns) == list(labels.to_dataframe().columns)
    assert list(labels.to_dataframe(include="privates").columns) == [*labels.to_dataframe().columns, "_aux"]
    assert list(labels.to_dataframe(include=["privates", "type__name"]).columns) == ["uid", "name", "_aux", "type__name"]
    assert list(rows_of("Artifact").to_dataframe(include="version", order_by="id")["version"]) == [
        "v1",
        "0001",
        "0000",
        "0000",
        "0000",
        "0001",
    ]


def test_the_list_of_the_caller_stays(rows_of):
    wanted = ["type__name", "type__name", "privates"]
    rows_of("ULabel").to_dataframe(include=wanted)
    assert wanted == ["type__name", "type__name", "privates"]
    rows_of("ULabel").to_dataframe(include=("type__name",))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"include": "nme"}, "ULabel has no field 'nme'; did you mean 'name'?; its fields are"),
        ({"include": ["name", "type__nme"]}, "'type__nme' of ULabel: ULabel has no field 'nme'"),
        ({"include": "type"}, "ULabel.type is a relation; include one of its fields, as 'type__name'"),
        ({"include": "artifacts"}, "ULabel.artifacts is a relation; include one of its fields, as 'artifacts__key'"),
        ({"include": "created_by"}, "ULabel.created_by is a relation; include one of its fields, as 'created_by__handle'"),
        (
            {"include": "links_artifact"},
            "ULabel.links_artifact is a relation; include one of its fields, as 'links_artifact__id'",
        ),
        ({"include": "name__in"}, "ULabel.name__in is a comparison; write the field alone, as 'name'"),
        ({"include": [5]}, "include takes names of fields, as 'created_by__handle', got 5"),
        ({"order_by": "nme"}, "ULabel has no field 'nme'"),
        ({"order_by": "artifacts__key"}, "ULabel.artifacts__key may have several values in a row"),
        ({"limit": -1}, "limit is a number of rows or None for all, got -1"),
        ({"limit": "all"}, "limit is a number of rows or None for all, got 'all'"),
        ({"limit": True}, "limit is a number of rows or None for all, got True"),
    ],
)
def test_mistakes(rows_of, options, said):
    with pytest.raises(ln.errors.InvalidArgument) as caught:
        rows_of("ULabel").to_dataframe(**options)
    assert str(caught.value).startswith(said)


def test_statements_do_not_grow_with_the_rows(database, queries):
    kind = ln.ULabel(name="kind", is_type=True).save()
    include = ["type__name", "ulabels__name", "parents__name"]
    counts = []
    for number in (1, 300):
        ln.save([ln.ULabel(name=f"{number} {each}", type=kind) for each in range(number)])
        with queries.log() as log:
            frame = ln.ULabel.to_dataframe(include=include, limit=None, order_by="id")
        counts.append(len(log))
    assert counts == [3, 3]
    assert len(frame.loc[kind.id, "ulabels__name"]) == 301
