"""Projects, references, branches, spaces, users, storages, records: what they accept, and what deleting them is refused for."""

from datetime import date, datetime

import pytest

import lamindb as ln

STATUSES = ["planned", "up-next", "active", "completed", "background", "paused", "canceled", "archived"]


# ---- projects ----------------------------------------------------------------------------------------------------


def test_a_new_project_is_planned(database):
    project = ln.Project(name="p")
    assert project.status == "planned"
    project.save()
    assert ln.Project.get(name="p").status == "planned"
    assert ln.Project.get(name="p")._status_code == -3


def test_the_status_of_a_project_that_exists_stays(database):
    project = ln.Project(name="p").save()
    project.status = "active"
    project.save()
    again = ln.Project(name="p")
    assert again.status == "active"
    again.save()
    ln.save([ln.Project(name="p")])
    assert ln.Project.get(name="p").status == "active"


@pytest.mark.parametrize(("status", "code"), list(zip(STATUSES, range(-3, 5), strict=True)))
def test_projects_are_found_by_status(database, status, code):
    project, other = ln.Project(name="p"), ln.Project(name="other")
    project.status, other.status = status, "planned" if status != "planned" else "archived"
    ln.save([project, other])
    assert project._status_code == code
    assert ln.Project.filter(status=status).one() == project
    assert ln.Project.filter(status__in=[status, "nothing"][:1]).one() == project
    label = ln.ULabel(name="a").save()
    label.projects.add(project)
    assert label.projects.filter(status=status).one() == project
    assert ln.ULabel.filter(projects__status=status).one() == label


def test_a_status_is_called_by_name_where_nothing_has_it(database):
    with pytest.raises(ln.Project.DoesNotExist, match="no Project matches status='active' on"):
        ln.Project.get(status="active")
    with pytest.raises(ln.Project.DoesNotExist, match=r"no Project matches status__in=\['active', 'paused'\] on"):
        ln.Project.get(status__in=["active", "paused"])


def test_a_status_that_does_not_exist(database):
    project = ln.Project(name="p")
    message = f"status of a Project is one of {', '.join(STATUSES)}, not 'activ'; did you mean 'active'"
    with pytest.raises(ValueError, match=message):
        project.status = "activ"
    with pytest.raises(ValueError, match=r"status of a Project is one of .*, not 3"):
        project.status = 3
    for lookups in ({"status": "activ"}, {"status__in": ["active", "activ"]}):
        with pytest.raises(ValueError, match=r"status is one of .*, not 'activ'"):
            ln.Project.filter(**lookups)
    with pytest.raises(
        ln.errors.FieldValidationError, match=r"'status' is no argument; set it afterwards, as project.status = 'act'"
    ):
        ln.Project(name="p", status="act")


def test_dates_of_projects(database):
    project = ln.Project(name="p", start_date="2024-02-29", end_date=date(2024, 3, 1)).save()
    found = ln.Project.get(name="p")
    assert (found.start_date, found.end_date) == (date(2024, 2, 29), date(2024, 3, 1))
    assert ln.Project.filter(start_date__lt=date(2024, 3, 1)).one() == project
    ln.Project(name="one day", start_date="2024-02-29", end_date="2024-02-29").save()


@pytest.mark.parametrize("value", ["2024-02-30", "29.02.2024", "", "soon", 20240229, datetime(2024, 2, 29)])
def test_what_is_no_date(database, value):
    with pytest.raises(ln.errors.FieldValidationError, match="start_date must be a date such as 2024-01-31, not"):
        ln.Project(name="p", start_date=value)


def test_a_project_does_not_end_before_it_starts(database):
    message = "the project 'p' would end on 2024-01-01, before it starts on 2024-01-02"
    with pytest.raises(ln.errors.FieldValidationError, match=message):
        ln.Project(name="p", start_date="2024-01-02", end_date="2024-01-01")
    project = ln.Project(name="p", end_date="2024-01-01").save()
    project.start_date = date(2024, 1, 2)
    with pytest.raises(ln.errors.FieldValidationError, match=message):
        project.save()
    with pytest.raises(ln.errors.FieldValidationError, match=message):
        ln.Project(name="p", start_date="2024-01-02").save()
    with pytest.raises(ln.errors.FieldValidationError, match=message):
        ln.save([ln.ULabel(name="a"), ln.Project(name="p", start_date="2024-01-02")])
    assert ln.Project.get(name="p").start_date is None
    assert ln.ULabel.filter().count() == 0


def test_an_assigned_date_is_a_date(database):
    project = ln.Project(name="p").save()
    project.end_date = "2024-01-01"
    with pytest.raises(ln.errors.FieldValidationError, match="end_date must be a date such as 2024-01-31"):
        project.save()


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "http://localhost:8080", "ftp://example.org/file"])
def test_urls(database, url):
    assert ln.Project(name="p", url=url).save().url == url
    assert ln.Reference(name="r", url=url).save().url == url


@pytest.mark.parametrize("url", ["example.org", "https:/example.org", "javascript:alert(1)", "https://a b", "", 5])
@pytest.mark.parametrize("registry", ["Project", "Reference"])
def test_what_is_no_url(database, registry, url):
    with pytest.raises(ln.errors.FieldValidationError, match="url must"):
        getattr(ln, registry)(name="p", url=url)


# ---- references --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "doi",
    [
        "10.1038/s41586-020-2649-2",
        "doi:10.1/x",
        "DOI:10.1/x",
        "https://doi.org/10.1093/nar/gkab1006",
        "http://dx.doi.org/10.1/(a)",
    ],
)
def test_dois(database, doi):
    assert ln.Reference(name="r", doi=doi).save().doi == doi
    assert ln.Reference.filter(doi=doi).one().name == "r"


@pytest.mark.parametrize("doi", ["11.1038/x", "10.1038", "doi 10.1/x", "https://example.org/10.1/x", "", "10.1/a b"])
def test_what_is_no_doi(database, doi):
    with pytest.raises(ln.errors.FieldValidationError, match="doi must match"):
        ln.Reference(name="r", doi=doi)


def test_references(database):
    reference = ln.Reference(name="r", pubmed_id=32939066, date="2020-09-16", abbr="NumPy", text="…").save()
    assert ln.Reference.get(name="r").date == date(2020, 9, 16)
    project = ln.Project(name="p").save()
    project.references.add(reference)
    assert reference.projects.one() == project
    with pytest.raises(ln.errors.FieldValidationError, match="abbr has 33 characters, at most 32 fit"):
        ln.Reference(name="r", abbr="a" * 33)
    with pytest.raises(ln.errors.FieldValidationError, match="pubmed_id must be at least 1"):
        ln.Reference(name="r", pubmed_id=0)


# ---- branches and spaces -----------------------------------------------------------------------------------------


def test_the_status_of_a_branch(database):
    branch = ln.Branch(name="b").save()
    assert branch.status == "standalone"
    for status, code in {"closed": -2, "merged": -1, "draft": 1, "review": 2}.items():
        branch.status = status
        branch.save()
        assert branch._status_code == code
        assert ln.Branch.filter(status=status).one() == branch
    assert {found.name for found in ln.Branch.filter(status__in=["standalone"])} == {"main", "archive", "trash"}
    with pytest.raises(ValueError, match="status of a Branch is one of closed, merged, standalone, draft, review, not 'drft'"):
        branch.status = "drft"
    with pytest.raises(ln.errors.FieldValidationError, match="'status' is no argument"):
        ln.Branch(name="c", status="draft")


def test_a_branch_name_is_one_row(database):
    branch = ln.Branch(name="b", description="first").save()
    assert ln.Branch(name="b").save() == branch
    assert ln.Branch(name="main").save().id == 1


@pytest.mark.parametrize("registry", ["Branch", "Space"])
def test_names_that_differ_in_case_only(database, registry):
    make = getattr(ln, registry)
    make(name="Contribution").save()
    with pytest.raises(ln.errors.IntegrityError, match=r"another .* is called 'Contribution'"):
        make(name="contribution").save()
    assert make.filter(name__iexact="contribution").count() == 1
    with pytest.raises(
        ln.errors.IntegrityError, match=r"another .* is called 'Contribution', and 'CONTRIBUTION' differs from it"
    ):
        ln.save([make(name="other"), make(name="CONTRIBUTION")])
    with pytest.raises(ln.errors.IntegrityError, match=r"another .* is called 'Übung', and 'übung' differs from it"):
        ln.save([make(name="Übung"), make(name="übung")])
    assert not make.filter(name__in=["other", "Übung", "übung"]).exists()
    other = make(name="other").save()
    other.name = "CONTRIBUTION"
    with pytest.raises(ln.errors.IntegrityError, match=r"another .* is called 'Contribution'"):
        other.save()
    one = make.get(name="Contribution")
    one.name = "contribution"
    assert one.save().name == "contribution"


@pytest.mark.parametrize("name", ["main", "archive", "trash"])
def test_the_first_branches_stay(database, name):
    branch = ln.Branch.get(name=name)
    for delete in (branch.delete, lambda: branch.delete(permanent=True), ln.Branch.filter(name=name).delete):
        with pytest.raises(ValueError, match="main, archive and trash are part of every database and cannot be deleted"):
            delete()
    branch.name = "other"
    with pytest.raises(ValueError, match="keep their names"):
        branch.save()
    assert ln.Branch.filter().count() == 3


def test_a_branch_without_records_is_deleted(database):
    branch = ln.Branch(name="b").save()
    assert branch.delete() == (1, {"lamindb.Branch": 1})
    assert ln.Branch.filter(name="b").count() == 0


def test_records_on_the_archive(database):
    archive = ln.Branch.get(name="archive")
    label = ln.ULabel(name="a", branch=archive).save()
    assert (label.branch_id, label.created_on_id) == (0, 0)
    transform = ln.Transform(key="a.py", source_code="1", branch=archive).save()
    assert transform.branch_id == 0
    assert ln.Transform(key="a.py", source_code="2").save().branch_id == 1


# ---- records -----------------------------------------------------------------------------------------------------


def test_records_need_nothing(database):
    one, other = ln.Record().save(), ln.Record().save()
    assert one != other
    assert len(one.uid) == 16
    ln.save([ln.Record() for _ in range(3)])
    assert ln.Record.filter(name=None).count() == 5


def test_records_have_types_and_parents(database):
    sample = ln.Record(name="Sample", is_type=True).save()
    a, b = ln.Record(name="a", type=sample, extra_data={"x": [1]}), ln.Record(name="b", type=sample)
    ln.save([b, a])
    a.parents.add(b)
    assert b.children.one() == a
    assert sample.records.filter(name="a").one().extra_data == {"x": [1]}
    assert ln.Record.filter(type__name="Sample", parents__name="b").one() == a
    assert ln.Record(name="a", type=sample).save() == a


def test_users(database):
    user = ln.User(uid="abcdefgh", handle="someone", name="Some One").save()
    assert ln.User.get(handle="someone") == user
    assert ln.User(uid="abcdefgh", handle="someone").save() == user
    with pytest.raises(ln.errors.IntegrityError):
        ln.User(uid="abcdefgi", handle="someone").save()


def test_values_that_are_no_records(database):
    feature = ln.Feature("dose", float).save()
    value = ln.models.JsonValue(feature=feature, value=[1.5, None, {"a": "ü"}]).save()
    assert ln.models.JsonValue.get(value.id).value == [1.5, None, {"a": "ü"}]
    assert feature.values.one() == value


# ---- what is protected -------------------------------------------------------------------------------------------


@pytest.fixture
def artifact(tmp_path):
    def make(name):
        path = tmp_path / name
        path.write_text(name)
        return ln.Artifact(path, key=name).save()

    return make


def refused(delete, registry, blockers):
    with pytest.raises(ln.errors.ProtectedError, match=rf"cannot delete this {registry}: .*{blockers}"):
        delete(permanent=True)


def test_pp26_a_schema_with_sheets_is_kept(database):
    schema = ln.Schema(name="s", itype=ln.Feature).save()
    sheet = ln.Record(name="Sheet", is_type=True, schema=schema).save()
    refused(schema.delete, "Schema", "1 Record row refers")
    sheet.schema = None
    sheet.save()
    assert schema.delete(permanent=True) == (1, {"lamindb.Schema": 1})
    assert ln.Record.get(name="Sheet") == sheet


def test_pp26_environment_and_plan_of_transforms_are_kept(database, artifact):
    environment, plan = artifact("requirements.txt"), artifact("plan.txt")
    ln.Transform(key="a.py", environment=environment, plan=plan).save()
    refused(environment.delete, "Artifact", "1 Transform row refers")
    refused(plan.delete, "Artifact", "1 Transform row refers")
    assert environment.path.exists()
    assert ln.Transform.filter().count() == 1


def test_pp26_a_user_with_runs_is_kept(database):
    run = ln.Run(ln.Transform(key="a.py").save()).save()
    other = ln.User(uid="abcdefgh", handle="other").save()
    with database.writing() as transaction:
        for table in ("lamindb_run",):
            transaction.connection.exec_driver_sql(f"UPDATE {table} SET created_by_id = {other.id}")
    refused(other.delete, "User", "1 Run row refers")
    assert ln.Run.get(run.id).created_by == other


def test_pp26_a_user_who_made_a_space_is_kept(database):
    other = ln.User(uid="abcdefgh", handle="other").save()
    space = ln.Space(name="s").save()
    with database.writing() as transaction:
        transaction.connection.exec_driver_sql(f"UPDATE lamindb_space SET created_by_id = {other.id} WHERE id = {space.id}")
    refused(other.delete, "User", "1 Space row refers")
    assert ln.Space.get(name="s") == space


def test_pp26_a_run_that_started_others_is_kept(database):
    transform = ln.Transform(key="flow.py").save()
    flow = ln.Run(transform).save()
    step = ln.Run(ln.Transform(key="step.py").save(), initiated_by_run=flow).save()
    refused(flow.delete, "Run", "1 Run row refers")
    refused(transform.delete, "Transform", "1 Run row refers")
    assert ln.Run.filter().count() == 2
    step.delete(permanent=True)
    flow.delete(permanent=True)
    assert ln.Run.filter(branch=None).count() == 0
