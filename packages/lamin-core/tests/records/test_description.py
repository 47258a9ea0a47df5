"""What records look like: one line, and a description."""

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
        with queries.exactly(2):
            text = kind.describe(return_str=True)
    assert text.splitlines()[0] == "ULabel: tissue"
    assert ["created_by", "testuser"] in [line.split() for line in text.splitlines()]
    assert "  ulabels: 31" in text
    kind.describe()
    assert capsys.readouterr().out == text + "\n"


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
