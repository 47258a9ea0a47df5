"""What must hold of records, by the numbers of the checklist; each on both databases."""

import logging
import re

import lamindb_setup
import pytest

import lamindb as ln


def transform(source, key="a.py", **values):
    return ln.Transform(key=key, source_code=source, **values).save()


def artifact(folder, text, key="a.txt", **values):
    path = folder / "a.txt"
    path.write_text(text)
    return ln.Artifact(path, key=key, **values).save()


@pytest.fixture
def build(request, tmp_path):
    """Makes one version of an artifact, a collection or a transform from a text."""

    def build_artifact(text, **values):
        return artifact(tmp_path, text, **values)

    def build_collection(text, key="c", **values):
        return ln.Collection(artifact(tmp_path, text, key=f"{text}.txt"), key=key, **values).save()

    return {"artifact": build_artifact, "collection": build_collection, "transform": transform}[request.param]


versioned = pytest.mark.parametrize("build", ["artifact", "collection", "transform"], indirect=True)


TYPED = ["ULabel", "Record", "Project", "Reference", "Feature", "Schema"]
VALUES = {"Feature": {"dtype": int}, "Schema": {"itype": "Feature"}}
"""What a constructor needs beside a name."""


@pytest.mark.parametrize("registry", TYPED)
def test_1_a_name_is_one_row_and_the_second_time_is_told(database, caplog, registry):
    make, values = getattr(ln, registry), VALUES.get(registry, {})
    first = make(name="x", **values).save()
    with caplog.at_level(logging.INFO, logger="lamindb"):
        second = make(name="x", **values).save()
    assert second == first
    assert second is not first
    assert make.filter(name="x").count() == 1
    assert caplog.messages.count(f"{registry} 'x' exists already; it is used") == 1


@pytest.mark.parametrize("registry", TYPED)
def test_2_types_are_contexts_of_names(database, registry):
    make, values = getattr(ln, registry), VALUES.get(registry, {})
    one, other = make(name="one", is_type=True).save(), make(name="other", is_type=True).save()
    under_one = make(name="x", type=one, **values).save()
    under_other, outside = make(name="x", type=other, **values).save(), make(name="x", type=None, **values).save()
    assert make.filter(name="x").to_list() == [under_one, under_other, outside]
    assert make(name="x", type=other, **values).save() == under_other
    assert make(name="x", type=None, **values).save() == outside
    assert make.filter(name="x").count() == 3


def test_3_unknown_and_missing_arguments_are_named(database):
    with pytest.raises(ln.errors.FieldValidationError, match=r"cannot make a ULabel: name is required"):
        ln.ULabel()
    with pytest.raises(ln.errors.FieldValidationError, match=r"'nam' is not an argument; did you mean 'name'\?"):
        ln.ULabel(nam="a", name="a")
    with pytest.raises(ln.errors.FieldValidationError, match="cannot make a User: handle is required"):
        ln.User()
    with pytest.raises(ln.errors.FieldValidationError, match="'descripton' is not an argument; did you mean 'description'"):
        ln.Feature("a", int, descripton="b")
    with pytest.raises(ln.errors.FieldValidationError, match="'nam' is not an argument"):
        ln.Project(nam="a")
    with pytest.raises(ln.errors.FieldValidationError, match="name is required"):
        ln.Feature(dtype=int)


def test_3_choices_are_listed(database):
    with pytest.raises(
        ln.errors.FieldValidationError,
        match="kind must be one of pipeline, notebook, script, function, not 'scrpt'; did you mean",
    ):
        ln.Transform(key="a.py", kind="scrpt")


@pytest.mark.parametrize("registry", TYPED)
def test_4_deleted_is_invisible_but_there(database, registry):
    make = getattr(ln, registry)
    record = make(name="a", **VALUES.get(registry, {})).save()
    assert record.delete() is None
    assert make.filter(name="a").count() == 0
    with pytest.raises(make.DoesNotExist):
        make.get(name="a")
    for found in (
        make.get(record.uid),
        make.get(record.uid[:5]),
        make.get(record.id),
        make.filter(name="a", branch=None).one(),
        make.filter(uid=record.uid).one(),
        make.filter(id=record.id).one(),
    ):
        assert found == record
        assert found.branch.name == "trash"
    assert make.get(record.uid).restore() == record
    assert make.get(name="a").branch.name == "main"
    assert record.delete(permanent=True) == (1, {f"lamindb.{registry}": 1})
    assert make.filter(branch=None).count() == 0


@versioned
def test_4_versions_are_invisible_but_there(database, build):
    record = build("1")
    registry = type(record)
    record.delete()
    assert registry.filter(key=record.key).count() == 0
    assert registry.get(record.uid) == registry.get(record.id) == registry.filter(branch=None).one() == record
    registry.get(record.uid).restore()
    assert registry.get(key=record.key) == record
    assert record.delete(permanent=True) is not None
    assert registry.filter(branch=None).count() == 0


@pytest.mark.parametrize("registry", ["User", "Branch", "Storage", "Space"])
def test_5_what_has_no_trash_refuses_it(database, registry):
    record = getattr(ln, registry).filter().first()
    with pytest.raises(ValueError, match=f"{registry} has no trash: to delete it for good, pass permanent=True"):
        record.delete(permanent=False)
    with pytest.raises(ValueError, match=f"{registry} has no trash"):
        getattr(ln, registry).filter().delete(permanent=False)
    assert getattr(ln, registry).filter().exists()


@pytest.mark.parametrize("registry", TYPED)
def test_6_a_type_takes_its_subtree_into_the_trash_and_comes_back_alone(database, registry):
    make, values = getattr(ln, registry), VALUES.get(registry, {})
    top = make(name="top", is_type=True).save()
    middle = make(name="middle", is_type=True, type=top).save()
    leaf, other = make(name="leaf", type=middle, **values).save(), make(name="other", **values).save()
    top.delete()
    assert make.filter().to_list() == [other]
    assert {record.name for record in make.filter(branch__name="trash")} == {"top", "middle", "leaf"}
    make.get(top.uid).restore()
    assert {record.name for record in make.filter()} == {"top", "other"}
    make.get(leaf.uid).restore()
    assert {record.name for record in make.filter()} == {"top", "leaf", "other"}


@versioned
def test_7_a_new_version_by_key(database, build):
    first = build("1")
    second = build("2")
    assert (first.uid[-4:], second.uid[-4:]) == ("0000", "0001")
    assert first.stem_uid == second.stem_uid
    assert (type(first).get(first.uid).is_latest, second.is_latest) == (False, True)
    third = build("3", revises=second)
    assert third.uid[-4:] == "0002"
    assert second.is_latest is False  # the very object that was passed


@versioned
def test_8_revising_an_older_version_lands_on_the_head(database, build):
    first, second = build("1"), build("2")
    third = build("3", revises=type(first).get(first.uid))
    assert third.uid == second.stem_uid + "0002"
    assert [record.uid for record in type(first).filter(is_latest=True, key=first.key)] == [third.uid]


@versioned
def test_8_revising_a_head_that_someone_else_revised(database, build):
    first = build("1")
    mine, theirs = type(first).get(first.uid), type(first).get(first.uid)
    second = build("2", revises=theirs)
    with pytest.raises(ln.errors.IntegrityError) as raised:
        build("3", revises=mine)
    assert first.uid in str(raised.value)
    assert second.uid in str(raised.value)
    assert "meantime" in str(raised.value)
    assert type(first).filter(key=first.key).count() == 2


@versioned
def test_9_deleting_the_head_promotes_the_newest_of_its_branch(database, build):
    first, second, third = build("1"), build("2"), build("3")
    registry = type(first)
    third.delete()
    assert third.is_latest is False
    assert registry.filter(key=first.key, is_latest=True).one() == second
    second.delete(permanent=True)
    assert registry.filter(key=first.key, is_latest=True).one() == first
    registry.get(first.uid).delete()
    assert registry.filter(key=first.key, branch=None, is_latest=True).one() == third  # all are in the trash: the newest


@versioned
def test_9_another_branch_has_a_head_of_its_own(database, build):
    first = build("1")
    registry, branch = type(first), ln.Branch(name="contribution").save()
    second = build("2", branch=branch)
    assert second.stem_uid == first.stem_uid
    heads = registry.filter(key=first.key, branch=None, is_latest=True)
    assert set(heads) == {first, second}
    second.delete(permanent=True)
    assert registry.get(first.uid).is_latest is True
    third = build("3", branch=branch)
    registry.get(first.uid).delete(permanent=True)
    assert registry.filter(key=first.key, branch=None).one() == third
    assert registry.get(third.uid).is_latest is True


@versioned
def test_9_the_last_one_keeps_its_flag(database, build):
    only = build("1")
    only.delete()
    assert type(only).get(only.uid).is_latest is True


@versioned
def test_10_counters_cross_letters_and_are_never_used_again(database, build):
    first = build("1")
    with database.writing() as transaction:
        table = type(first).__table__.name
        transaction.connection.exec_driver_sql(f"UPDATE {table} SET uid = '{first.stem_uid}000Z' WHERE id = {first.id}")
    second = build("2")
    assert second.uid == first.stem_uid + "000a"
    second.delete()
    third = build("3")
    assert third.uid == first.stem_uid + "000b"
    assert third.is_latest is True


def test_12_queries_see_main_and_the_current_branch(database):
    branch, other = ln.Branch(name="contribution").save(), ln.Branch(name="other").save()
    made = {name: ln.ULabel(name=name, branch=one).save() for name, one in {"a": None, "b": branch, "c": other}.items()}
    assert ln.ULabel.filter().to_list("name") == ["a"]
    assert ln.ULabel.filter(branch=branch).to_list("name") == ["b"]
    assert ln.ULabel.filter(branch__name__in=["contribution", "other"]).to_list("name") == ["b", "c"]
    assert ln.ULabel.filter(branch=branch).filter(name="b").to_list("name") == ["b"]
    assert ln.ULabel.filter(ln.Q(branch=branch) | ln.Q(name="c")).to_list("name") == ["b", "c"]
    assert ln.ULabel.filter(ln.Q(name="c") & ~ln.Q(branch_id=1)).to_list("name") == ["c"]
    assert ln.ULabel.filter(branch=None).to_list("name") == ["a", "b", "c"]
    assert ln.ULabel.filter(id__in=[one.id for one in made.values()]).count() == 3
    made["a"].delete()
    assert ln.ULabel.filter().count() == 0
    assert ln.ULabel.filter(branch__name="trash").one() == made["a"]


def test_12_queries_see_what_is_made_on_the_current_branch(database):
    branch = ln.Branch(name="contribution").save()
    ln.ULabel(name="a").save()
    lamindb_setup.settings.branch = "contribution"
    assert ln.ULabel(name="b").save().branch == branch
    assert ln.ULabel.filter().to_list("name") == ["a", "b"]
    assert ln.ULabel.get(name="a").branch.name == "main"
    assert ln.ULabel.filter(branch=branch).to_list("name") == ["b"]
    assert ln.ULabel.filter(ln.Q(branch__name="main")).to_list("name") == ["a"]
    ln.ULabel.get(name="b").delete()
    assert ln.ULabel.filter().to_list("name") == ["a"]
    lamindb_setup.settings.branch = "main"
    assert ln.ULabel.filter(branch=None).to_list("name") == ["a", "b"]


def test_13_get_by_id_uid_and_prefix(database):
    labels = [ln.ULabel(name=f"{i}").save() for i in range(2)]
    for label in labels:
        assert ln.ULabel.get(label.id) == label
        assert ln.ULabel.get(label.uid) == label
        assert ln.ULabel.get(label.uid[:-1]) == label
    with pytest.raises(ln.ULabel.DoesNotExist, match=re.escape("if 'nothing' is no uid, write ULabel.get(name='nothing')")):
        ln.ULabel.get("nothing")
    with pytest.raises(ln.ULabel.DoesNotExist):
        ln.ULabel.get(999)


@versioned
def test_13_get_prefers_heads(database, build):
    first, middle, second = build("1", description="old"), build("2", description="old"), build("3", description="new")
    registry = type(first)
    assert registry.get(first.stem_uid) == second
    assert registry.get(first.stem_uid[:8]) == second
    assert registry.get(first.uid) == first
    assert registry.get(key=first.key) == second
    assert registry.get(description="old") == middle  # no head has it: the newest that has
    with pytest.raises(registry.DoesNotExist, match=re.escape(f"write {registry.__name__}.get(key='no such')")):
        registry.get("no such")


@pytest.mark.parametrize("batch_size", [1, 7, 10_000])
def test_22_a_list_creates_updates_and_restores(database, tmp_path, batch_size):
    stored, trashed = ln.ULabel(name="stored").save(), ln.Record(name="trashed", description="d").save()
    old = artifact(tmp_path, "old", key="old.txt")
    trashed.delete()
    old.delete()
    stored.description = "changed"
    again = ln.Record(name="trashed")
    again.uid = trashed.uid
    (tmp_path / "a.txt").write_text("old")
    known, new = ln.ULabel(name="stored", reference="r"), [ln.ULabel(name=f"{number}") for number in range(20)]
    ln.save([stored, again, ln.Artifact(tmp_path / "a.txt", key="old.txt"), known, *new], batch_size=batch_size)
    row = ln.ULabel.get(stored.id)
    assert (row.description, row.reference, known) == ("changed", "r", stored)
    assert ln.ULabel.filter().count() == 21
    assert ln.Record.filter().one() == trashed
    assert ln.Artifact.filter().one() == old


@pytest.mark.parametrize("registry", TYPED[:-1])
def test_25_a_rename_is_noted_and_names_affected_artifacts(database, caplog, tmp_path, registry):
    one = artifact(tmp_path, "one")
    record = getattr(ln, registry)(name="old", **VALUES.get(registry, {})).save()
    feature = ln.Feature("f", f"cat[{registry}]").save() if registry != "Feature" else None
    if feature is None:
        schema = ln.Schema(itype=ln.Feature).save()
        links = [ln.models.SchemaFeature(schema=schema, feature=record), ln.models.ArtifactSchema(artifact=one, schema=schema)]
    else:
        link = getattr(ln.models, f"Artifact{registry}")
        links = [link(**{"artifact": one, registry.lower(): record, "feature": feature})]
    ln.save(links)
    record.name = "new"
    record.save()
    assert list(getattr(ln, registry).get(record.id)._aux["renamed"].values()) == ["old"]
    assert [message for message in caplog.messages if one.uid in message and "is called 'new' now" in message]
