"""The examples in the docstrings about names are true."""

import doctest

import pytest

import lamindb as ln
from lamindb.naming import inspection
from lamindb.query import curating
from lamindb.records import curation, names

EXAMPLES = [
    example
    for module in (inspection, curating, curation, names)
    for example in doctest.DocTestFinder().find(module, extraglobs={"ln": ln})
    if example.examples
]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_19_and_20_examples_of_docstrings(database, example, capsys):
    runner = doctest.DocTestRunner()
    runner.run(example, clear_globs=False)
    assert runner.summarize(verbose=False).failed == 0, capsys.readouterr().out


def test_the_methods_of_registries_have_examples():
    have = {example.name.rpartition(".")[2] for example in EXAMPLES}
    assert have >= {"validate", "inspect", "standardize", "from_values", "add_synonym", "remove_synonym", "set_abbr"}
