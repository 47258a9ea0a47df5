"""Links that say a feature or a role, by the relation and as rows (PP-23): what is kept, what goes, what each says."""

import logging

import pytest

import lamindb as ln
from lamindb.errors import (
    FieldValidationError,
    InvalidArgument,
    LockedRecord,
    ObjectDoesNotExist,
    UniqueViolation,
)


@pytest.fixture
def artifact(database, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("a")
    return ln.Artifact(path, key="a.txt").save()


@pytest.fixture
def labels(database):
    found = [ln.ULabel(name=name) for name in "abc"]
    ln.save(found)
    return found


@pytest.fixture
def tissue(database):
    return ln.Feature(name="tissue", dtype=ln.ULabel).save()


def rows(host, relation="links_ulabel"):
    return sorted(
        ((link.ulabel.name, link.feature and link.feature.name) for link in getattr(host, relation)),
        key=lambda row: (row[0], row[1] or ""),
    )


def test_pp23_a_label_has_a_link_for_each_feature_and_one_without(artifact, labels, tissue):
    a, b, _ = labels
    artifact.ulabels.add(a)
    artifact.ulabels.add(a, through_defaults={"feature": tissue})
    artifact.ulabels.add(b, feature="tissue")
    artifact.ulabels.add(b, through_defaults={"feature_id": tissue.id})
    assert rows(artifact) == [("a", None), ("a", "tissue"), ("b", "tissue")]
    assert rows(a, "links_artifact") == [("a", None), ("a", "tissue")]
    assert ln.models.ArtifactULabel.filter(feature=tissue).count() == 2


def test_pp23_what_is_counted_are_labels(artifact, labels, tissue):
    a, b, _ = labels
    artifact.ulabels.add(a, b)
    artifact.ulabels.add([a, b], feature=tissue)
    assert artifact.ulabels.count() == 2
    assert artifact.ulabels.to_list("name") == ["a", "b"]
    assert a.artifacts.one() == artifact
    assert ln.Artifact.filter(ulabels__name__in=["a", "b"]).count() == 1


def test_pp23_removing_leaves_what_says_a_feature(artifact, labels, tissue, caplog):
    a, b, _ = labels
    artifact.ulabels.add(a, b)
    artifact.ulabels.add(a, feature=tissue)
    with caplog.at_level(logging.WARNING, logger="lamindb"):
        artifact.ulabels.remove(a, b)
    assert "1 of 2 stay in .ulabels, as links say the values of features" in caplog.text
    assert rows(artifact) == [("a", "tissue")]
    artifact.ulabels.remove(a, feature=tissue)
    assert not artifact.ulabels.exists()
    artifact.ulabels.remove(a, feature=tissue)  # is not there any more: nothing happens


def test_pp23_setting_leaves_what_says_a_feature(artifact, labels, tissue):
    a, b, c = labels
    artifact.ulabels.add(a)
    artifact.ulabels.add(b, feature=tissue)
    artifact.ulabels.set([b, c])
    assert rows(artifact) == [("b", "tissue"), ("c", None)]
    artifact.ulabels.set(artifact.ulabels.all())
    assert rows(artifact) == [("b", "tissue"), ("c", None)]
    artifact.ulabels.set([a], feature=tissue)
    assert rows(artifact) == [("a", "tissue"), ("c", None)]
    artifact.ulabels.set([])
    assert rows(artifact) == [("a", "tissue")]
    artifact.ulabels.set([b], clear=True)
    assert rows(artifact) == [("b", None)]


def test_pp23_clearing_takes_all_or_those_of_a_feature(artifact, labels, tissue):
    a, b, _ = labels
    for _ in range(2):
        artifact.ulabels.add(a, b)
        artifact.ulabels.add(a, feature=tissue)
    artifact.ulabels.clear(feature=tissue)
    assert rows(artifact) == [("a", None), ("b", None)]
    artifact.ulabels.add(a, feature=tissue)
    artifact.ulabels.clear()
    assert rows(artifact) == []


def test_links_know_run_and_creator(artifact, labels):
    transform = ln.Transform(key="annotate.py").save()
    run = ln.Run(transform).save()
    artifact.ulabels.add(labels[0])
    artifact.ulabels.add(labels[1], through_defaults={"run": run})
    first, second = artifact.links_ulabel
    assert first.created_by.handle == "testuser"
    assert first.created_at is not None
    assert first.run is None
    assert second.run == run


def test_links_know_the_tracked_run(artifact, labels):
    ln.track(transform=ln.Transform(key="annotate.py", kind="pipeline"))
    try:
        artifact.ulabels.add(labels[:2])
        run = ln.context.run
        ln.models.ArtifactULabel(artifact=artifact, ulabel=labels[2]).save()
    finally:
        ln.finish()
    assert [link.run for link in artifact.links_ulabel] == [run, run, run]


def test_roles(database):
    project, user = ln.Project(name="p").save(), ln.User.filter().one()
    project.users.add(user, through_defaults={"role": "author"})
    project.users.add(user, through_defaults={"role": "author"})
    project.users.add(user.handle, through_defaults={"role": "editor"})
    assert project.links_user.order_by("role").to_list("role") == ["author", "editor"]
    assert project.users.count() == 1
    project.users.set([user])
    assert project.links_user.count() == 2
    project.users.set([])
    assert not project.links_user.exists()
    for call in (project.users.add, project.users.set):
        with pytest.raises(InvalidArgument, match=r"links of \.users need a role: pass through_defaults=\{'role': …\}"):
            call(user)
    project.users.add(user, through_defaults={"role": "author"})
    project.users.remove(user)
    assert not project.links_user.exists()


def test_values_of_features_need_one(database, labels, tissue):
    record = ln.Record(name="r").save()
    relation = labels[0].linked_in_records
    for call in (relation.add, relation.remove, relation.set):
        with pytest.raises(InvalidArgument, match=r"\.linked_in_records holds values of features: say of which one, as add"):
            call(record)
    labels[0].linked_in_records.add(record, feature=tissue)
    assert ln.models.RecordULabel.filter().one().value == labels[0]
    labels[0].linked_in_records.remove(record, feature=tissue)
    assert not labels[0].linked_in_records.exists()


def test_features_of_schemas_are_no_features_of_links(database):
    feature, project = ln.Feature(name="f", dtype=int).save(), ln.Project(name="p").save()
    for _ in range(2):
        feature.projects.add(project)
        project.features.add(feature)
    assert feature.projects.one() == project
    with pytest.raises(InvalidArgument, match=r"links of \.projects say no feature; leave out feature="):
        feature.projects.add(project, feature=feature)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"featur": 1}, FieldValidationError, r"links of \.ulabels have no field 'featur'; did you mean 'feature'\?"),
        ({"x": 1}, FieldValidationError, r"links of \.ulabels have no field 'x'; they have feature, run"),
        ({"ulabel_id": 1}, FieldValidationError, r"have no field 'ulabel_id'"),
        ({"created_at": 1}, FieldValidationError, r"have no field 'created_at'"),
        ({1: 1}, FieldValidationError, r"have no field 1"),
        ({"feature": "tisue"}, ObjectDoesNotExist, r"feature: .* has no Feature 'tisue'; did you mean 'tissue'\?"),
        ({"feature": 99}, ObjectDoesNotExist, r"Feature.*99"),
        ({"feature": []}, InvalidArgument, r"feature is one Feature, not 0"),
        ({"feature": True}, InvalidArgument, r"feature takes Feature records, their names, uids or ids, not True"),
        ([1], InvalidArgument, r"through_defaults is a dict, as \{'feature': feature\}, not \[1\]"),
        ("feature", InvalidArgument, r"through_defaults is a dict"),
    ],
)
def test_what_links_cannot_say(artifact, labels, tissue, given, error, message):
    with pytest.raises(error, match=message):
        artifact.ulabels.add(labels[0], through_defaults=given)
    assert not artifact.ulabels.exists()


def test_two_features_contradict_each_other(artifact, labels, tissue):
    other = ln.Feature(name="other", dtype=ln.ULabel).save()
    with pytest.raises(InvalidArgument, match="name two different features; pass one of them"):
        artifact.ulabels.add(labels[0], feature=tissue, through_defaults={"feature": other})
    with pytest.raises(InvalidArgument, match="role must be"):
        ln.Project(name="p").save().users.add("testuser", through_defaults={"role": 5})
    kind = ln.ULabel(name="k", is_type=True).save()
    with pytest.raises(InvalidArgument, match=r"\.ulabels has no link rows, so that through_defaults means nothing there"):
        kind.ulabels.add(labels[0], through_defaults={"feature": tissue})


# -- link rows as records ---------------------------------------------------------------------------------------------


def lock(record):
    record.is_locked = True
    record.save()


def test_pp23_link_rows_ask_whether_what_they_belong_to_is_locked(artifact, labels, tissue, queries):
    a, b, c = labels
    artifact.ulabels.add(a, b)
    (link, other), table = artifact.links_ulabel.to_list(), ln.models.ArtifactULabel
    lock(artifact)
    new = [table(artifact=artifact, ulabel=label) for label in (c, a)]
    link.feature = other.feature = tissue
    for call in (
        lambda: artifact.ulabels.add(c),
        lambda: artifact.ulabels.remove(a),
        lambda: artifact.ulabels.set([c]),
        artifact.ulabels.clear,
        lambda: c.artifacts.add(artifact),
        lambda: a.artifacts.remove(artifact),
        a.artifacts.clear,
        new[0].save,
        lambda: ln.save(new[:1]),
        link.save,
        lambda: ln.save([link]),
        lambda: ln.save([link, other]),
        link.delete,
        table.filter().delete,
        lambda: artifact.ulabels.create(name="new"),
    ):
        with pytest.raises(LockedRecord, match=f"the Artifact with id {artifact.id} is locked, so its relations stay"):
            call()
    assert rows(artifact) == [("a", None), ("b", None)]
    assert ln.ULabel.filter(name="new").count() == 0
    artifact.is_locked = False
    artifact.save()
    link.save()
    new[0].save()
    assert rows(artifact) == [("a", "tissue"), ("b", None), ("c", None)]
    assert link.delete() == (1, {"lamindb.ArtifactULabel": 1})
    lock(a)
    artifact.ulabels.add(a)  # what is linked may be locked


def test_one_locked_of_many_stops_all(labels, database, tmp_path):
    artifacts = []
    for name in "xyz":
        (tmp_path / name).write_text(name)
        artifacts.append(ln.Artifact(tmp_path / name, key=name).save())
    lock(artifacts[1])
    with pytest.raises(LockedRecord, match=f"the Artifact with id {artifacts[1].id} is locked"):
        labels[0].artifacts.add(artifacts)
    links = [ln.models.ArtifactULabel(artifact=artifact, ulabel=labels[0]) for artifact in artifacts]
    with pytest.raises(LockedRecord, match=f"the Artifact with id {artifacts[1].id} is locked"):
        ln.save(links)
    assert not labels[0].artifacts.exists()
    assert all(link.database is None for link in links)


def test_links_are_saved_in_a_fixed_number_of_statements(artifact, database, queries):
    labels = [ln.ULabel(name=f"{number}") for number in range(60)]
    ln.save(labels)
    counts = []
    for some in (labels[:20], labels[20:]):
        with queries.log() as log:
            ln.save([ln.models.ArtifactULabel(artifact=artifact, ulabel=label) for label in some])
        counts.append(len(log.statements))
    assert counts[0] == counts[1] <= 3


def test_links_of_collections_never_change(artifact, tmp_path):
    collection = ln.Collection([artifact], key="c").save()
    (tmp_path / "b").write_text("b")
    other = ln.Artifact(tmp_path / "b", key="b").save()
    with pytest.raises(InvalidArgument, match="the artifacts of a collection never change"):
        ln.models.CollectionArtifact(collection=collection, artifact=other).save()
    with pytest.raises(InvalidArgument, match="the artifacts of a collection never change"):
        ln.models.CollectionArtifact.filter().delete()
    assert collection.artifacts.one() == artifact


def test_twins_of_links_as_records_are_refused(artifact, labels):
    artifact.ulabels.add(labels[0])
    with pytest.raises(UniqueViolation):
        ln.models.ArtifactULabel(artifact=artifact, ulabel=labels[0]).save()
    assert artifact.links_ulabel.count() == 1


def test_links_are_related_records_too(artifact, labels, tissue):
    artifact.ulabels.add(labels[0], feature=tissue)
    assert artifact.links_ulabel.filter(feature__name="tissue").one().ulabel == labels[0]
    with pytest.raises(InvalidArgument, match="artifact_id of a ArtifactULabel cannot be empty: delete the record instead"):
        artifact.links_ulabel.clear()
    assert artifact.links_ulabel.one().delete() == (1, {"lamindb.ArtifactULabel": 1})
    assert not artifact.ulabels.exists()
