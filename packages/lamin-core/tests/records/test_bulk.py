"""Saving many records: one transaction, a fixed number of statements, in the order of their references."""

import pytest

import lamindb as ln


@pytest.mark.parametrize("number", [1, 100, 3000])
def test_the_number_of_statements_does_not_grow(database, queries, number):
    ln.ULabel(name="known").save()
    with queries.at_most(4):
        labels = [ln.ULabel(name=f"label {i}", description="ü") for i in range(number)]
        ln.save(labels)
        assert all(label.id for label in labels)
    assert ln.ULabel.filter(name__startswith="label ").count() == number
    assert [ln.ULabel.get(label.id).name for label in labels[:3]] == [label.name for label in labels[:3]]
    assert len({label.uid for label in labels}) == number


def test_existing_names_become_their_rows(database):
    stored = ln.ULabel(name="a", description="old").save()
    again, new = ln.ULabel(name="a", description="new"), ln.ULabel(name="b")
    ln.save([again, new])
    assert again == stored
    assert ln.ULabel.get(stored.id).description == "new"
    assert ln.ULabel.filter().count() == 2


def test_twins_in_one_list_become_one_row(database):
    one, other = ln.ULabel(name="a"), ln.ULabel(name="a", description="d")
    ln.save([one, other, one])
    assert one == other
    assert ln.ULabel.filter(name="a").count() == 1
    assert ln.ULabel.get(name="a").description == "d"


def test_mixed_lists_are_ordered_by_reference(database):
    kind = ln.ULabel(name="kind", is_type=True)
    labels = [ln.ULabel(name=f"l{i}", type=kind) for i in range(3)]
    transform = ln.Transform(key="a.py")
    run = ln.Run(transform)
    ln.save([run, *labels, kind, transform])
    assert {label.type_id for label in labels} == {kind.id}
    assert run.transform_id == transform.id


def test_all_registries_in_one_list(database, tmp_path):
    for name in "ab":
        (tmp_path / name).write_text(name)
    branch, space = ln.Branch(name="contribution"), ln.Space(name="space")
    kind, sheet_kind = ln.ULabel(name="kind", is_type=True), ln.Record(name="kind", is_type=True)
    label, record = ln.ULabel(name="label", type=kind, branch=branch, space=space), ln.Record(name="record", type=sheet_kind)
    group = ln.Feature("group", is_type=True)
    feature, schema = ln.Feature("cell_type", "cat[ULabel]", type=group), ln.Schema(name="schema", itype=ln.Feature)
    project, reference = ln.Project(name="project"), ln.Reference(name="reference", doi="10.1038/x")
    transform = ln.Transform(key="t.py", source_code="print()")
    run = ln.Run(transform)
    artifacts = [ln.Artifact(tmp_path / name, key=name, run=run) for name in "ab"]
    collection = ln.Collection(artifacts[::-1], key="collection")
    readme = ln.models.ProjectBlock(project=project, content="# Read me", kind="readme")
    members_first = [collection, readme, label, record, feature, *artifacts, run, schema, reference]
    everything = [*members_first, project, transform, group, kind, sheet_kind, branch, space]
    ln.save(everything)
    assert all(one.database is database and one.id is not None for one in everything)
    assert ln.Collection.get(key="collection").ordered_artifacts.to_list() == artifacts[::-1]
    assert (label.type, label.branch, label.space) == (kind, branch, space)
    assert (record.type, feature.type, artifacts[0].run) == (sheet_kind, group, run)
    assert ln.Project.get(name="project").ablocks.one().content == "# Read me"
    ln.save(everything)
    assert [ln.Collection.filter().count(), ln.Artifact.filter().count(), ln.Feature.filter().count()] == [1, 2, 2]


def test_all_or_nothing(database):
    good, bad = ln.ULabel(name="good"), ln.ULabel(name="bad")
    bad.description = 5
    with pytest.raises(ln.errors.FieldValidationError):
        ln.save([good, ln.Transform(key="t"), bad])
    assert ln.ULabel.filter().count() == ln.Transform.filter().count() == 0
    assert good.database is None
    bad.description = None
    ln.save([good, bad])
    assert ln.ULabel.filter().count() == 2


def test_generators_and_empty_lists(database, queries):
    ln.save(ln.ULabel(name=f"{i}") for i in range(3))
    assert ln.ULabel.filter().count() == 3
    with queries.exactly(0):
        ln.save([])


@pytest.mark.parametrize(
    ("records", "message"),
    [
        (lambda: ln.ULabel(name="a"), r"ln.save takes a list; for one ULabel, call its .save\(\)"),
        (lambda: None, "ln.save takes a list of records, got None"),
        (lambda: 5, "ln.save takes a list of records, got 5"),
        (lambda: [None], "ln.save takes records, got None"),
        (lambda: ["a"], "ln.save takes records, got 'a'"),
    ],
)
def test_what_is_no_list_of_records(database, records, message):
    with pytest.raises(ln.errors.InvalidArgument, match=message):
        ln.save(records())


def test_saving_unchanged_records_sends_nothing(database, queries):
    labels = [ln.ULabel(name=f"{i}") for i in range(20)]
    ln.save(labels)
    with queries.exactly(0):
        ln.save(labels)


def test_versions_in_a_list_keep_one_head(database):
    ln.save([ln.Transform(key="a.py", source_code=f"v{i}") for i in range(3)])
    assert ln.Transform.filter(key="a.py").count() == 3
    assert ln.Transform.filter(key="a.py", is_latest=True).one().source_code == "v2"
