"""Small registries among each other: who has a role in a project, what follows what, and states that queries know by name."""

import pytest

import lamindb as ln


def test_users_have_roles_in_projects(database):
    project = ln.Project(name="atlas").save()
    me, other = ln.User.get(1), ln.User(uid="abcdefgh", handle="other").save()
    link = ln.models.ProjectUser(project=project, user=me, role="lead").save()
    ln.models.ProjectUser(project=project, user=other, role="reader").save()
    assert {user.handle for user in project.users.all()} == {me.handle, "other"}
    assert me.projects.one() == project
    assert ln.models.ProjectUser.filter(project=project, role="lead").one() == link
    assert ln.Project.filter(users__handle="other").one() == project
    with pytest.raises(ln.errors.FieldValidationError, match="role has 33 characters, at most 32 fit"):
        ln.models.ProjectUser(project=project, user=me, role="r" * 33)
    with pytest.raises(ln.errors.FieldValidationError, match="role is required"):
        ln.models.ProjectUser(project=project, user=me)


def test_projects_come_before_and_after_each_other_and_have_parts(database):
    pilot, main, part = (ln.Project(name=name).save() for name in ("pilot", "main", "part"))
    main.predecessors.add(pilot)
    part.parents.add(main)
    assert pilot.successors.one() == main
    assert main.children.one() == part
    assert ln.Project.filter(predecessors__name="pilot").one() == main
    assert ln.Project.filter(parents__predecessors=pilot).one() == part
    pilot.delete(permanent=True)
    assert main.predecessors.count() == 0


def test_15_status_in_queries_by_name(database):
    transform = ln.Transform(key="a.py").save()
    run = ln.Run(transform).save()
    project, branch, label = ln.Project(name="p").save(), ln.Branch(name="b").save(), ln.ULabel(name="a").save()
    project.status, branch.status = "active", "draft"
    ln.save([project, branch])
    run.projects.add(project)
    label.projects.add(project)
    assert transform.runs.filter(status=run.status).one() == run
    assert transform.runs.filter(status__in=["errored", run.status]).one() == run
    assert run.projects.filter(status="active").one() == project
    assert run.projects.filter(status__in=["planned"]).count() == 0
    assert ln.Run.filter(projects__status="active").one() == run
    assert ln.ULabel.filter(projects__status__in=("active", "paused")).one() == label
    assert ln.Transform.filter(runs__status__in=[run.status], runs__projects__status="active").one() == transform
    assert ln.Branch.filter(status__in=["draft", "review"]).one() == branch
    assert ln.ULabel.filter(branch__status="standalone").one() == label
    assert ln.ULabel.filter(branch=None, branch__status__in=["draft"]).count() == 0
    for query in (
        lambda: transform.runs.filter(status="erored"),
        lambda: ln.Branch.filter(status__in=["drft"]),
        lambda: ln.ULabel.filter(projects__status="actve"),
    ):
        with pytest.raises(ln.errors.InvalidArgument, match=r"status is one of .*; did you mean '(errored|draft|active)'"):
            query()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"uid": "abcdefgh"}, "handle is required"),
        ({"uid": "abcdefgh", "handle": "h" * 31}, "handle has 31 characters, at most 30 fit"),
        ({"uid": "abcdefgh", "handle": 5}, "handle must be text, not 5"),
        ({"uid": "abcdefgh", "handle": "other", "nme": "x"}, "'nme' is not an argument; did you mean 'name'"),
    ],
)
def test_what_is_no_user(database, arguments, message):
    with pytest.raises(ln.errors.FieldValidationError, match=message):
        ln.User(**arguments)


def test_a_user_gets_a_uid(database):
    user = ln.User(handle="other").save()
    assert len(user.uid) == 8
    with pytest.raises(ln.errors.UniqueViolation, match="another User has the handle 'other' already"):
        ln.User(handle="other").save()
    for uid in ("abc", "abcdefg!", 12345678):
        with pytest.raises(ln.errors.FieldValidationError, match="uid"):
            ln.User(uid=uid, handle="third").save()
    with pytest.raises(ValueError, match="User has no trash"):
        user.delete(permanent=False)


@pytest.mark.parametrize("registry", ["Branch", "Space"])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "name is required"),
        ({"name": None}, "name is required"),
        ({"name": 5}, "name must be text, not 5"),
        ({"name": "n" * 101}, "name has 101 characters, at most 100 fit"),
        ({"name": "x", "descripton": "y"}, "'descripton' is not an argument; did you mean 'description'"),
    ],
)
def test_what_is_no_place(database, registry, arguments, message):
    with pytest.raises(ln.errors.FieldValidationError, match=message):
        getattr(ln, registry)(**arguments)


@pytest.mark.parametrize("registry", ["Project", "Reference"])
def test_abbreviations_need_not_be_unique_and_are_found(database, registry):
    make = getattr(ln, registry)
    ln.save([make(name="one", abbr="HCA"), make(name="two", abbr="HCA")])
    assert make.filter(abbr="HCA").count() == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"doi": "10.1038/"}, "doi must match"),
        ({"pubmed_id": "12"}, "pubmed_id must be"),
        ({"pubmed_id": -1}, "pubmed_id must be at least 1"),
        ({"pubmed_id": True}, "pubmed_id must be"),
        ({"date": "2024-13-01"}, "date must be a date such as 2024-01-31"),
        ({"url": "https://example.org/" + "a" * 181}, "url has 201 characters, at most 200 fit"),
        ({"name": "n" * 256}, "name has 256 characters, at most 255 fit"),
    ],
)
def test_what_is_no_reference(database, arguments, message):
    with pytest.raises(ln.errors.FieldValidationError, match=message):
        ln.Reference(**{"name": "r", **arguments})
    assert ln.Reference.filter().count() == 0


def test_every_problem_of_a_reference_is_told_at_once(database):
    with pytest.raises(ln.errors.FieldValidationError) as caught:
        ln.Reference(doi="nope", pubmed_id=0, date="soon", url="nope")
    for name in ("name is required", "doi must match", "pubmed_id must be at least 1", "date must be", "url must match"):
        assert name in str(caught.value)
