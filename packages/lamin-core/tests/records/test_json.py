"""JSON in columns: the same whether saved alone or with many, on both databases."""

import pytest

import lamindb as ln

VALUES = [
    {"a": [1, 2.5, None, True, {"ü": "🧪"}]},
    [],
    {},
    "text",
    'with "quotes", \\ and {braces}',
    "null",
    "",
    0,
    12345678901234567,
    1.5e-300,
    False,
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_one_and_many(database, value):
    one = ln.Record(name="one", extra_data=value).save()
    many = [ln.Record(name=f"{i}", extra_data=value) for i in range(2)]
    ln.save(many)
    for record in (one, *many):
        found = ln.Record.get(record.id).extra_data
        assert found == value
        assert type(found) is type(value)
    assert many[0].extra_data == value


def test_nothing(database):
    records = [ln.Record(name="a", extra_data=None), ln.Record(name="b")]
    ln.save(records)
    assert ln.Record.filter(extra_data=None).count() == 2
