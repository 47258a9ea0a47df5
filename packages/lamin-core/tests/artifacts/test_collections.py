"""Collections: what is in them and in which order, their versions, and reading all artifacts as one."""

import anndata as ad
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as pads
import pytest

import lamindb as ln
from lamindb.records import context

from .processes import Saver


@pytest.fixture
def file(tmp_path):
    """Makes an artifact, not yet saved, of a table with a column `x`."""

    def make(name, value=0, **columns):
        path = tmp_path / "sources" / name
        path.parent.mkdir(exist_ok=True)
        frame = pd.DataFrame({"x": [value, value + 1], **columns})
        if path.suffix == ".parquet":
            frame.to_parquet(path)
        else:
            frame.to_csv(path, index=False)
        return ln.Artifact(path, key=name)

    return make


@pytest.fixture
def files(file):
    def make(number, suffix=".csv"):
        artifacts = [file(f"{i}{suffix}", i) for i in range(number)]
        ln.save(artifacts)
        return artifacts

    return make


# ---- what is in a collection --------------------------------------------------------------------------------------


def test_artifacts_keep_their_order(database, files, queries):
    artifacts = files(30)
    order = [artifacts[i] for i in np.random.default_rng(0).permutation(30)]
    collection = ln.Collection(order, key="c", description="d").save()
    found = ln.Collection.get(key="c")
    with queries.exactly(1):
        assert found.ordered_artifacts.to_list() == order
    assert found.ordered_artifacts[:3].to_list() == order[:3]
    assert found.ordered_artifacts.first() == order[0]
    assert found.ordered_artifacts.last() == order[-1]
    assert found.ordered_artifacts.filter(key="3.csv").one() == artifacts[3]
    assert list(found.ordered_artifacts.to_dataframe(limit=None).index) == [one.id for one in order]
    assert set(found.artifacts.all()) == set(artifacts)
    assert artifacts[0].collections.one() == collection
    assert ln.Artifact.filter(collections__key="c").count() == 30


@pytest.mark.parametrize("number", [1, 200])
def test_the_number_of_statements_does_not_grow(database, files, queries, number):
    artifacts = files(number)
    with queries.at_most(8):
        ln.Collection(artifacts, key="c").save()
    with queries.at_most(1):
        ln.Collection.get(key="c")
    with queries.at_most(2):
        ln.Collection.get(key="c").ordered_artifacts.to_list()


def test_one_artifact_a_list_a_generator_or_a_query_set(database, files):
    artifacts = files(3)
    assert ln.Collection(artifacts[0], key="one").save().ordered_artifacts.to_list() == artifacts[:1]
    assert ln.Collection((one for one in artifacts), key="two").save().artifacts.count() == 3
    assert ln.Collection(ln.Artifact.filter(), key="three").save().artifacts.count() == 3


def test_repeated_artifacts_count_once(database, files, caplog):
    a, b = files(2)
    collection = ln.Collection([b, a, ln.Artifact.get(b.id), a], key="c").save()
    assert "2 of 4 artifacts are repeated; each counts once" in caplog.messages
    assert collection.ordered_artifacts.to_list() == [b, a]


def test_hash_is_that_of_the_members_as_lamindb_makes_it(database, files):
    import hashlib
    from base64 import urlsafe_b64encode

    artifacts = files(3)
    text = ":".join(sorted(one.hash for one in artifacts))
    wanted = urlsafe_b64encode(hashlib.md5(text.encode()).digest()).decode().rstrip("=")
    assert ln.Collection(artifacts, key="c").hash == wanted
    assert ln.Collection(artifacts[::-1], key="d").hash == wanted


# ---- saving ------------------------------------------------------------------------------------------------------


def test_nothing_is_written_before_save(database, files):
    collection = ln.Collection(files(2), key="c")
    assert ln.Collection.filter().count() == 0
    assert collection.database is None
    assert collection.uid.endswith("0000")
    assert len(collection.uid) == 20
    assert collection.name == "c"


def test_new_artifacts_are_saved_together_with_the_collection(database, file):
    artifacts = [file(f"{i}.csv", i) for i in range(3)]
    collection = ln.Collection(artifacts, key="c")
    with pytest.raises(ln.errors.UnsavedRecord, match=r"3 of 3 artifacts of this collection are not saved yet \(key '0.csv'\)"):
        collection.save()
    assert collection.database is None
    ln.save([ln.ULabel(name="a"), collection, *artifacts, ln.Feature("x", int)])
    assert collection.ordered_artifacts.to_list() == artifacts
    assert ln.ULabel.filter().count() == ln.Feature.filter().count() == 1


def test_a_mixed_list_is_saved_or_not_as_a_whole(database, file):
    artifacts = [file(f"{i}.csv", i) for i in range(2)]
    collection = ln.Collection(artifacts, key="c")
    bad = ln.Project(name="p")
    bad.description = 5
    with pytest.raises(ln.errors.FieldValidationError):
        ln.save([collection, *artifacts, bad])
    assert ln.Collection.filter().count() == ln.Artifact.filter().count() == 0
    assert collection.database is None
    bad.description = None
    ln.save([collection, *artifacts, bad])
    assert ln.Collection.get(key="c").ordered_artifacts.to_list() == artifacts


def test_a_rolled_back_collection_can_be_saved_again(database, files):
    first = ln.Collection(files(2), key="c").save()
    second = ln.Collection(files(3), key="c", revises=first)

    def save_and_fail():
        with ln.transaction():
            second.save()
            assert first.is_latest is False
            raise RuntimeError

    with pytest.raises(RuntimeError):
        save_and_fail()
    assert (first.is_latest, second.database) == (True, None)
    assert ln.Collection.get(first.uid).is_latest is True
    second.save()
    assert second.artifacts.count() == 3
    assert first.is_latest is False


# ---- versions ----------------------------------------------------------------------------------------------------


def test_the_same_members_under_a_key_are_the_same_collection(database, files, caplog):
    artifacts = files(3)
    first = ln.Collection(artifacts, key="c", description="old", reference="x").save()
    again = ln.Collection(artifacts[::-1], key="c", description="new")
    assert again == first
    assert again.save().ordered_artifacts.to_list() == artifacts
    found = ln.Collection.filter().one()
    assert (found.description, found.reference) == ("new", "x")
    both = [ln.Collection(artifacts[:2], key="d"), ln.Collection(artifacts[:2], key="d")]
    ln.save(both)
    assert both[0] == both[1]
    assert both[1].artifacts.count() == 2


def test_every_key_has_a_collection_of_its_own(database, files):
    artifacts = files(2)
    first, second = ln.Collection(artifacts, key="c").save(), ln.Collection(artifacts, key="d").save()
    assert first.stem_uid != second.stem_uid
    assert {one.key for one in ln.Collection.filter()} == {"c", "d"}


def test_an_older_version_is_found_by_its_members(database, files):
    artifacts = files(3)
    first = ln.Collection(artifacts[:2], key="c").save()
    second = ln.Collection(artifacts, key="c").save()
    back = ln.Collection(artifacts[:2], key="c").save()
    assert back == first
    assert ln.Collection.get(key="c") == second
    assert ln.Collection.filter(is_latest=True).one() == second


def test_appending(database, files):
    artifacts = files(5)
    order = [artifacts[3], artifacts[0], artifacts[2]]
    first = ln.Collection(order, key="c", description="d").save()
    second = first.append(artifacts[1])
    assert second.database is None
    second.save()
    assert second.ordered_artifacts.to_list() == [*order, artifacts[1]]
    assert (second.key, second.description, second.uid) == ("c", "d", first.stem_uid + "0001")
    assert first.ordered_artifacts.to_list() == order
    assert first.is_latest is False
    third = second.append(artifacts[3:]).save()  # one of them is there already
    assert third.ordered_artifacts.to_list() == [*order, artifacts[1], artifacts[4]]
    assert third.append(artifacts[0]).save() == third
    with pytest.raises(ln.errors.UnsavedRecord, match="the collection 'd' is not saved yet"):
        ln.Collection(artifacts, key="d").append(artifacts[0])
    with pytest.raises(ln.errors.FieldValidationError, match="a collection is made of artifacts, not of 5"):
        first.append([5])


def test_a_new_key_for_a_new_version(database, files):
    artifacts = files(3)
    first = ln.Collection(artifacts[:2], key="c").save()
    second = ln.Collection(artifacts, key="renamed", revises=first).save()
    assert second.uid == first.stem_uid + "0001"
    assert (ln.Collection.get(first.uid).key, second.key) == ("c", "renamed")
    assert ln.Collection(artifacts[1:], revises=second).key == "renamed"


def test_named_versions(database, files):
    artifacts = files(3)
    first = ln.Collection(artifacts[:1], key="c", version="v1").save()
    second = ln.Collection(artifacts[:2], key="c", version="v2").save()
    assert (first.version, second.version) == ("v1", "v2")
    assert ln.Collection.get(key="c", version="v1") == first
    with pytest.raises(ln.errors.InvalidArgument, match="version 'v1' of this Collection exists already"):
        ln.Collection(artifacts, key="c", version="v1").save()
    assert second.versions.to_list() == [second, first]


def test_trash_and_restore(database, files):
    artifacts = files(3)
    first = ln.Collection(artifacts[:2], key="c").save()
    second = ln.Collection(artifacts, key="c").save()
    second.delete()
    assert ln.Collection.get(key="c") == first
    assert ln.Artifact.filter().count() == 3
    assert second.restore().is_latest is True
    assert ln.Collection.get(key="c") == second
    second.delete()
    back = ln.Collection(artifacts, key="c").save()
    assert back == second
    assert (back.branch_id, back.is_latest) == (1, True)
    assert ln.Collection.get(first.uid).is_latest is False
    count, by_registry = back.delete(permanent=True)
    assert (count, by_registry) == (4, {"lamindb.Collection": 1, "lamindb.CollectionArtifact": 3})
    assert ln.Artifact.filter().count() == 3
    first.delete()
    assert ln.Collection(artifacts[1:], key="c").save().stem_uid != first.stem_uid  # all versions are in the trash


def test_members_are_kept(database, files):
    artifact = files(1)[0]
    ln.Collection(artifact, key="c").save()
    with pytest.raises(ln.errors.ProtectedError, match="cannot delete this Artifact: 1 CollectionArtifact row refers"):
        artifact.delete(permanent=True)
    assert artifact.path.exists()
    artifact.delete()
    assert ln.Collection.get(key="c").ordered_artifacts.one() == artifact


def test_members_never_change(database, files):
    artifacts = files(3)
    collection = ln.Collection(artifacts[:2], key="c").save()
    message = r"the artifacts of a collection never change; to add some, save collection.append\(artifact\)"
    for change in (
        lambda: collection.artifacts.add(artifacts[2]),
        lambda: collection.artifacts.remove(artifacts[0]),
        lambda: collection.artifacts.set([]),
        lambda: collection.artifacts.clear(),
        lambda: artifacts[2].collections.add(collection),
    ):
        with pytest.raises(ln.errors.InvalidArgument, match=message):
            change()
    assert collection.ordered_artifacts.to_list() == artifacts[:2]
    collection.hash = "x" * 22
    with pytest.raises(ln.errors.FieldValidationError, match="the hash of a collection is that of its artifacts"):
        collection.save()


def test_what_is_gone_or_empty_is_not_read(database, files):
    collection, other = (ln.Collection(files(1), key=key).save() for key in "cd")
    collection.delete(permanent=True)
    for read in (collection.load, collection.open, collection.cache, lambda: collection.ordered_artifacts):
        with pytest.raises(ln.errors.StaleRecord, match="this Collection was deleted for good"):
            read()
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql("DELETE FROM lamindb_collectionartifact")
    for read in (other.load, other.open):
        with pytest.raises(ln.errors.InvalidArgument, match="this collection has no artifacts, so there is nothing to read"):
            read()


COLLECT = """
import sys
import lamindb_setup
lamindb_setup.connect(sys.argv[1])
import lamindb as ln
collection = ln.Collection(ln.Artifact.get(sys.argv[2]), key=sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
print(collection.save().uid, flush=True)
"""
"""Like `processes.SAVE`, of a collection with one artifact."""


def test_first_versions_of_one_key_at_once_are_one_family(database, files):
    savers = [Saver(database.instance.folder, one.uid, "c", COLLECT) for one in files(3)]
    for saver in savers:
        saver.go()
    uids = sorted(saver.result() for saver in savers)
    assert [uid[-4:] for uid in uids] == ["0000", "0001", "0002"]
    assert len({uid[:-4] for uid in uids}) == 1
    assert ln.Collection.filter(key="c", is_latest=True).one().uid == uids[-1]


def test_the_same_collection_at_once_is_one_row(database, files):
    artifact = files(1)[0]
    savers = [Saver(database.instance.folder, artifact.uid, "c", COLLECT) for _ in range(3)]
    for saver in savers:
        saver.go()
    assert len({saver.result() for saver in savers}) == 1
    assert ln.Collection.filter().one().artifacts.one() == artifact


# ---- reading -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_data_frames_are_concatenated_in_order(database, files, queries, suffix):
    a, b, c = files(3, suffix)
    collection = ln.Collection([c, a, b], key="c").save()
    frame = ln.Collection.get(key="c").load()
    assert frame["x"].to_list() == [2, 3, 0, 1, 1, 2]
    with queries.at_most(2):
        collection.load()
    assert ln.Collection([c, a, b], key="d").load()["x"].to_list() == [2, 3, 0, 1, 1, 2]  # not saved


def test_columns_that_some_lack(database, file):
    artifacts = [file("a.csv", a=["u", "v"]), file("b.csv", b=[1.5, 2.5])]
    ln.save(artifacts)
    collection = ln.Collection(artifacts, key="c").save()
    assert list(collection.load().columns) == ["x", "a", "b"]
    assert collection.load()["b"].isna().sum() == 2
    assert list(collection.load(join="inner").columns) == ["x"]
    with pytest.raises(ln.errors.InvalidArgument, match="join is 'outer' or 'inner', not 'iner'; did you mean 'inner'"):
        collection.load(join="iner")


def test_annotated_matrices_are_concatenated(database, tmp_path):
    artifacts = []
    for i, genes in enumerate((["A", "B"], ["B", "C"])):
        path = tmp_path / f"{i}.h5ad"
        obs = pd.DataFrame({"tissue": ["blood"] * 3}, index=[f"{i}-{n}" for n in range(3)])
        ad.AnnData(np.full((3, 2), i, dtype="float32"), obs=obs, var=pd.DataFrame(index=genes)).write_h5ad(path)
        artifacts.append(ln.Artifact(path, key=path.name).save())
    collection = ln.Collection(artifacts, key="c").save()
    joined = collection.load(join="inner")
    assert joined.shape == (6, 1)
    assert list(joined.obs["artifact_uid"]) == [artifacts[0].uid] * 3 + [artifacts[1].uid] * 3
    assert list(joined.obs_names) == [f"{i}-{n}" for i in range(2) for n in range(3)]
    assert collection.load().shape == (6, 3)
    with pytest.raises(ln.errors.InvalidArgument, match=r"'.h5ad' files are no tables that can be opened as one"):
        collection.open()


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_tables_are_opened_as_one_dataset(database, files, suffix):
    artifacts = files(3, suffix)
    dataset = ln.Collection(artifacts, key="c").save().open()
    assert isinstance(dataset, pads.Dataset)
    assert dataset.count_rows() == 6
    assert dataset.to_table(filter=pads.field("x") > 1).column("x").to_pylist() == [2, 2, 3]
    assert ln.Collection(artifacts[0], key="d").save().open().count_rows() == 2
    with pytest.raises(ln.errors.InvalidArgument, match="engine is 'pyarrow', not 'polars'"):
        ln.Collection.get(key="c").open(engine="polars")


def test_a_dataset_has_the_columns_of_all(database, file):
    artifacts = [file("a.parquet", a=["u", "v"]), file("b.parquet", b=[1.5, 2.5])]
    ln.save(artifacts)
    table = ln.Collection(artifacts, key="c").save().open().to_table()
    assert table.schema.names == ["x", "a", "b"]
    assert table.column("b").to_pylist() == [None, None, 1.5, 2.5]
    assert table.schema.field("b").type == pa.float64()


def test_formats_are_not_mixed(database, file):
    artifacts = [file("a.csv"), file("b.parquet")]
    ln.save(artifacts)
    collection = ln.Collection(artifacts, key="c").save()
    for read in (collection.load, collection.open):
        with pytest.raises(ln.errors.InvalidArgument, match=r"the artifacts have several formats \('.csv', '.parquet'\)"):
            read()
    assert [path.suffix for path in collection.cache()] == [".csv", ".parquet"]


def test_what_cannot_be_concatenated(database, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("a")
    collection = ln.Collection(ln.Artifact(path, key="a.txt").save(), key="c").save()
    with pytest.raises(ln.errors.InvalidArgument, match=r"'.txt' files are read as str, which cannot be concatenated"):
        collection.load()


def test_paths_of_all(database, files):
    artifacts = files(3)
    assert ln.Collection(artifacts[::-1], key="c").save().cache() == [one.path for one in artifacts[::-1]]
    artifacts[1].path.unlink()
    for read in (ln.Collection.get(key="c").cache, ln.Collection.get(key="c").load):
        with pytest.raises(ln.errors.ArtifactMissing, match=artifacts[1].uid):
            read()


# ---- bad input ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (lambda a: ([],), "InvalidArgument", "a collection needs at least one artifact, got an empty list"),
        (
            lambda a: ("abc",),
            "FieldValidationError",
            r"a collection is made of artifacts, as Collection\(\[artifact\], key=…\), not of",
        ),
        (lambda a: (None,), "FieldValidationError", "not of None"),
        (lambda a: ([a, "b"],), "FieldValidationError", "a collection is made of artifacts, not of 'b'"),
        (lambda a: ([a, ln.Artifact],), "FieldValidationError", "a collection is made of artifacts, not of Artifact"),
        (lambda a: ([a, ln.ULabel(name="a")],), "FieldValidationError", "not of ULabel"),
        (lambda a: (ln.Artifact,), "FieldValidationError", "not of Artifact"),
        (lambda a: ([a], "c"), "FieldValidationError", "Collection takes only artifacts by position, got 2"),
    ],
)
def test_what_is_no_collection(database, files, arguments, error, message):
    with pytest.raises(getattr(ln.errors, error), match=message):
        ln.Collection(*arguments(files(1)[0]), **({} if "position" in message else {"key": "c"}))
    assert ln.Collection.filter().count() == 0


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({}, "FieldValidationError", "cannot make a Collection: key is required"),
        ({"key": ""}, "InvalidArgument", "key '' is empty"),
        ({"key": "/c"}, "InvalidArgument", "starts with '/'"),
        ({"key": "a/../c"}, "InvalidArgument", "has the segment '.' or '..'"),
        ({"key": "a" * 256}, "FieldValidationError", "key has 256 characters, at most 255 fit"),
        ({"key": 5}, "FieldValidationError", "key must be a str"),
        (
            {"key": "c", "meta": 5},
            "FieldValidationError",
            r"'meta' is not an argument \(arguments are artifacts, key, description, schema, meta_artifact",
        ),
        ({"key": "c", "revises": 5}, "InvalidArgument", "revises must be a Collection, not 5"),
        ({"key": "c", "version": 5}, "FieldValidationError", "version_tag must be text, not 5"),
        ({"key": "c", "reference_type": "a" * 26}, "FieldValidationError", "reference_type has 26 characters"),
    ],
)
def test_bad_arguments(database, files, values, error, message):
    with pytest.raises(getattr(ln.errors, error), match=message):
        ln.Collection(files(1), **values)
    assert ln.Collection.filter().count() == 0


def test_artifacts_of_another_database(database, other_database, files):
    artifact = files(1)[0]
    ln.connect(str(other_database.instance.folder))
    with pytest.raises(ln.errors.DatabaseMismatch, match="but the collection belongs to"):
        ln.Collection(artifact, key="c")


@pytest.mark.usefixtures("unconnected")
def test_without_a_database():
    with pytest.raises(ln.errors.CurrentInstanceNotConfigured):
        ln.Collection([], key="c")


def test_a_schema_holds_for_every_member(database, files):
    schema = ln.Schema(name="s", itype=ln.Feature).save()
    artifacts = files(3)
    for one in artifacts[:2]:
        one.schema = schema
        one.save()
    collection = ln.Collection(artifacts[:2], key="c", schema=schema).save()
    assert collection.schema == schema
    with pytest.raises(
        ln.errors.ValidationError, match=f"1 of 3 artifacts were not validated against this schema: '{artifacts[2].uid}'"
    ):
        ln.Collection(artifacts, key="d", schema=schema)
    with pytest.raises(ln.errors.ValidationError, match="were not validated against this schema"):
        collection.append(artifacts[2])


def test_an_artifact_that_describes_the_others(database, files):
    a, b, table = files(3)
    collection = ln.Collection([a, b], key="c", meta_artifact=table, reference="GSE1", reference_type="accession").save()
    assert ln.Collection.get(key="c").meta_artifact == table
    assert ln.Collection.get(meta_artifact=table, reference="GSE1") == collection


# ---- lineage -----------------------------------------------------------------------------------------------------


class Tracker:
    """Notes what it is told, in a run that it was given."""

    def __init__(self, run):
        self._run, self.was_read, self.was_remade = run, [], []

    def run_id(self, database):
        return self._run.id

    def read(self, records):
        self.was_read += records

    def remade(self, record):
        self.was_remade.append(record)


def test_runs_know_what_they_read_and_made(database, files):
    artifacts = files(2)
    tracker = Tracker(ln.Run(ln.Transform(key="a.py").save()).save())
    with context.tracked(tracker):
        collection = ln.Collection(artifacts, key="c").save()
        assert collection.run_id == tracker._run.id
        assert tracker.was_read == artifacts
        collection.load()
        collection.open()
        collection.cache()
        assert tracker.was_read == [*artifacts, collection, collection, collection]
        collection.load(is_run_input=False)
        assert len(tracker.was_read) == 5
    other = Tracker(ln.Run(ln.Transform(key="b.py").save()).save())
    with context.tracked(other):
        again = ln.Collection(artifacts, key="c")
        assert other.was_remade == []
        again.save()
        again.save()
    assert other.was_remade == [collection]
    assert ln.Collection.get(key="c").run_id == tracker._run.id
    assert again.run_id == tracker._run.id
