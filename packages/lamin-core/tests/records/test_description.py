"""What records look like: one line, and a description."""

import subprocess
import sys
from xml.etree import ElementTree

import lamindb as ln
from lamindb import catalog


def test_one_line(database):
    label = ln.ULabel(name="blood", reference="r").save()
    line = repr(label)
    start = f"ULabel(uid='{label.uid}', is_type=False, name='blood', reference='r', created_by_id=1, branch_id=1, space_id=1, "
    assert line.startswith(start)
    assert "description" not in line
    assert "id=" not in line.split("uid=")[0]
    assert repr(ln.ULabel(name="new")).startswith("ULabel(uid='")


def test_a_description_has_a_fixed_number_of_statements(database, queries, capsys):
    kind = ln.ULabel(name="tissue", is_type=True).save()
    for number in (1, 30):
        ln.save([ln.ULabel(name=f"{number}-{i}", type=kind) for i in range(number)])
        with queries.exactly(3):
            text = kind.describe(return_str=True)
    assert text.splitlines()[0] == "ULabel: tissue"
    assert ["created_by", "testuser"] in [line.split() for line in text.splitlines()]
    assert "  ulabels: 31 (1-0, 30-0, 30-1, 30-2, 30-3, …)" in text
    kind.describe()
    assert capsys.readouterr().out == text + "\n"


def test_an_artifact_with_many_labels_has_as_few_statements(database, queries, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b")
    artifact = ln.Artifact(path, key="<raw> & new.csv").save()
    labels = [ln.ULabel(name=f"label {number}") for number in range(500)]
    ln.save(labels)
    artifact.ulabels.add(*labels)
    for described in (artifact, ln.Artifact.get(artifact.uid)):
        with queries.exactly(3):
            text = described.describe(return_str=True)
        with queries.exactly(3):
            html = described._repr_html_()
    assert text.splitlines()[0] == "Artifact: <raw> & new.csv (0000)"
    assert text.splitlines()[-1] == "  ulabels: 500 (label 0, label 1, label 2, label 3, label 4, …)"
    table = ElementTree.fromstring(html)
    shown = [[cell.text for cell in row] for row in table.iter("tr")]
    assert [" ".join(row) for row in shown[:-1]] == [" ".join(line.split(maxsplit=1)) for line in text.splitlines()[1:-1]]
    assert shown[-1] == ["ulabels", "500 (label 0, label 1, label 2, label 3, label 4, …)"]
    assert table.find(".//b").text == text.splitlines()[0]


def test_a_notebook_shows_what_is_not_saved(database):
    shown = ln.ULabel(name="<a>")._repr_html_()
    assert shown.startswith("<div><div><b>ULabel: &lt;a&gt;</b></div><div>! this ULabel is not saved</div><table>")


def test_a_description_loads_no_registry_that_it_only_counts(database):
    folder = str(database.instance.folder)
    code = f"import sys, lamindb as ln; ln.connect({folder!r}); ln.User.get(1).describe()"
    code += "; print([name for name in sys.modules if name.startswith('lamindb._registries.artifactulabel')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.endswith("\n[]\n")


def test_states_are_told(database):
    label = ln.ULabel(name="a")
    assert "! this ULabel is not saved" in label.describe(return_str=True)
    label.save().delete()
    assert "! this ULabel is in the trash" in label.describe(return_str=True)
    old = ln.Transform(key="a.py", source_code="1").save()
    ln.Transform(key="a.py", source_code="2").save()
    text = ln.Transform.get(old.id).describe(return_str=True)
    assert text.startswith("Transform: a.py (0000)\n! this is not the latest version of the Transform")


def test_every_registry_can_be_described(database):
    transform = ln.Transform(key="a.py").save()
    label, other = ln.ULabel(name="a").save(), ln.ULabel(name="b").save()
    label.parents.add(other)
    ln.Run(transform).save()
    for qualified in catalog.entries():
        if qualified.startswith("lamindb."):
            registry = catalog.registry(qualified)
            for record in registry.filter():
                assert record.describe(return_str=True).startswith(f"{registry.__name__}: ")
                assert repr(record).startswith(f"{registry.__name__}(")
