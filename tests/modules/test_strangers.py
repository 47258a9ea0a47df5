"""A module that the core knows nothing of gets everything that the core's own registries get, on both databases."""

from __future__ import annotations

from .conftest import SCHEMA, Laboratory, Second

INIT = "ln.setup.init(storage='./storage', db=DATABASE, modules='toylab')\n"
FILL = """
from toylab._registries.biosample import Biosample
from toylab._registries.donor import Donor
import pathlib
donor = Donor(name='Ada').save()
sample = Biosample(name='blood 1', donor=donor).save()
label = ln.ULabel(name='fresh').save()
pathlib.Path('a.csv').write_text('a,b')
artifact = ln.Artifact('a.csv', key='a.csv').save()
"""


def test_relations_to_registries_of_the_core(laboratory: Laboratory) -> None:
    laboratory.write(SCHEMA, "first tables")
    printed = laboratory.python(
        INIT
        + FILL
        + """
assert Biosample(name='blood 1').save() == sample
sample.labels.add(label)
artifact.biosamples.add(sample)          # a relation that the core's class does not have in its source
assert artifact.biosamples.one() == sample
assert sample.artifacts.one() == artifact
assert label.toylab_biosamples.one() == sample
assert donor.biosamples.one().donor == donor
assert Donor.search('ada').one() == donor
assert Biosample.search('blood', field='name').one() == sample
assert ln.Artifact.filter(biosamples__donor__name='Ada').one() == artifact
assert Biosample.filter(labels__name='fresh', artifacts__key='a.csv').count() == 1
assert ln.Artifact.biosamples.target == 'toylab.Biosample'
assert ln.DB(str(ln.setup.current().instance.folder)).toylab.Donor.one() == donor
print(Biosample.to_dataframe(include=['donor__name', 'labels__name']).to_dict('list'))
"""
    )
    assert "'donor__name': ['Ada']" in printed
    assert "'labels__name': [['fresh']]" in printed


def test_deleting_follows_the_rules_of_the_module(laboratory: Laboratory) -> None:
    laboratory.write(SCHEMA, "first tables")
    laboratory.python(INIT + FILL + "artifact.biosamples.add(sample)\nsample.labels.add(label)")
    find = "from toylab._registries.donor import Donor\nfrom toylab._registries.biosample import Biosample\n"
    said = laboratory.python(find + "Donor.get(name='Ada').delete(permanent=True)", fails=True)
    assert said.endswith(
        "ProtectedError: cannot delete this Donor: 1 toylab.Biosample row refers to it; "
        "delete those first, or move it to the trash with permanent=False"
    )
    laboratory.python("ln.Artifact.get(key='a.csv').delete(permanent=True)")  # its annotations go with it
    assert laboratory.python(find + "print(Biosample.get(name='blood 1').artifacts.count())") == "0"
    laboratory.python(find + "Biosample.get(name='blood 1').delete(permanent=True); Donor.get(name='Ada').delete(permanent=True)")
    assert laboratory.python(find + "print(Donor.filter(branch=None).count())") == "0"


def test_pp36_describing_and_viewing(laboratory: Laboratory) -> None:
    laboratory.write(SCHEMA, "first tables")
    printed = laboratory.python(
        INIT
        + FILL
        + """
artifact.biosamples.add(sample)
sample.labels.add(label)
print(sample.describe(return_str=True))
print(artifact.describe(return_str=True))
donor.delete()
print(donor.describe(return_str=True))
donor.restore()
ln.view(modules=['toylab'])
print(Biosample.filter()._repr_html_())
"""
    )
    lines = printed.splitlines()
    assert "Biosample: blood 1" in lines
    assert ["donor", "Ada"] in [line.split() for line in lines]
    for told in ("  artifacts: 1 (a.csv)", "  labels: 1 (fresh)", "  biosamples: 1 (blood 1)", "! this Donor is in the trash"):
        assert told in lines, told
    assert {"Biosample", "Donor"} <= set(lines)
    assert '<td style="text-align:left">Ada</td>' in lines[-1]


def test_a_client_without_the_module(laboratory: Laboratory) -> None:
    laboratory.write(SCHEMA, "first tables")
    laboratory.python(INIT + FILL + "sample.labels.add(label); artifact.biosamples.add(sample)")
    without = laboratory.python("print(ln.Artifact.get(key='a.csv').key, ln.ULabel.get(name='fresh').name)", installed=False)
    assert without == "a.csv fresh"
    said = laboratory.python("ln.Artifact.get(key='a.csv').biosamples", installed=False, fails=True)
    assert said.startswith("AttributeError: Artifact has no attribute 'biosamples'")
    said = laboratory.python("ln.ULabel.get(name='fresh').delete(permanent=True)", installed=False, fails=True)
    assert said.endswith(
        "ProtectedError: cannot delete this ULabel: 1 row of toylab_biosample_labels refers to it, "
        "a table of a module that is not installed here; install the module, or move it to the trash with permanent=False"
    )
    laboratory.python("ln.ULabel.get(name='fresh').delete()", installed=False)
    assert laboratory.python("print(ln.ULabel.filter().count(), ln.ULabel.filter(branch=None).count())") == "0 1"


def test_a_branch_with_rows_of_a_module_is_merged_where_the_module_is_known(laboratory: Laboratory) -> None:
    laboratory.write(SCHEMA, "first tables")
    laboratory.python(
        INIT + FILL + "ln.Branch(name='trial').save()\n"
        "Donor(name='Eve', branch='trial').save()\nln.ULabel(name='x', branch='trial').save()"
    )
    for arguments in ("dry_run=True", "force=True"):
        said = laboratory.python(f"ln.setup.merge('trial', {arguments})", installed=False, fails=True)
        assert said.endswith(
            "ProtectedError: branch 'trial' cannot be merged: 1 toylab_donor rows live on it, "
            "of a module that is not installed here; install the module"
        )
    shown = laboratory.python("print(ln.setup.merge('trial', dry_run=True))")
    assert shown.splitlines()[1:] == ["  1 ULabel", "  1 toylab.Donor"]
    assert laboratory.python("print(ln.setup.merge('trial').moved)") == "{'ULabel': 1, 'toylab.Donor': 1}"
    find = "from toylab._registries.donor import Donor\n"
    assert laboratory.python(find + "print(Donor.get(name='Eve').branch.name)") == "main"


def test_a_database_without_the_module(laboratory: Laboratory) -> None:
    laboratory.write(SCHEMA, "first tables")
    laboratory.python(
        "ln.setup.init(storage='./storage', db=DATABASE)\nopen('a.csv', 'w').write('a')\nln.Artifact('a.csv', key='a.csv').save()"
    )
    said = laboratory.python("ln.Artifact.get(key='a.csv').biosamples", fails=True)
    assert "ModuleNotInDatabase: the database" in said
    assert said.endswith("does not have the module 'toylab'; to add it, run `lamin init --modules toylab` there")
    laboratory.python("ln.Artifact.get(key='a.csv').delete(permanent=True)")  # nothing of the absent tables is asked for


def test_an_older_database(laboratory: Laboratory, second_version: Second) -> None:
    laboratory.write(SCHEMA, "first tables")
    laboratory.python(INIT + FILL)
    second_version(laboratory)
    find = "from toylab._registries.donor import Donor\nada = Donor.get(name='Ada')\n"
    assert laboratory.python(find + "print(ada.name, Donor.to_dataframe().shape[0], repr(ada)[:6])") == "Ada 1 Donor("
    said = laboratory.python(find + "ada.age", fails=True)
    assert said.endswith("has no column 'age' of Donor yet; to add it, run `lamin migrate deploy`")
    laboratory.python("ln.setup.migrate.deploy()")
    assert (
        laboratory.python(find + "ada.age = 36; ada.save(); print(Donor.get(name='Ada').age, Donor.filter(age__gt=30).count())")
        == "36 1"
    )
