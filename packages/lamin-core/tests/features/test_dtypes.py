"""The dtype language: what is well-formed, and that what is written is what is read."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lamindb.errors import ValidationError
from lamindb.features import dtypes
from lamindb.features.dtypes import Categorical, ListOf, Ref, Word

NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
REGISTRIES = st.from_regex(r"([a-z][a-z0-9]{0,5}\.)?[A-Z][A-Za-z0-9]{0,8}", fullmatch=True)
UIDS = st.text(string.ascii_letters + string.digits, min_size=1, max_size=16)
VALUES = st.text(min_size=1, max_size=8).filter(lambda text: not {"'", '"'} <= set(text) and text == text.strip())
FIELDS = NAMES.filter(lambda name: name != "name")


def refs():
    filters = st.lists(st.tuples(NAMES, VALUES), max_size=3).map(tuple)
    return st.builds(Ref, REGISTRIES, st.none() | FIELDS, st.none() | UIDS, filters)


DTYPES = st.recursive(
    st.sampled_from(dtypes.WORDS).map(Word) | st.lists(refs(), min_size=1, max_size=3).map(tuple).map(Categorical),
    lambda inner: inner.map(ListOf),
    max_leaves=3,
)


@settings(max_examples=2000)
@given(DTYPES)
def test_what_is_written_is_read(dtype):
    assert dtypes.parse(str(dtype)) == dtype


@settings(max_examples=2000)
@given(st.text("cat[]|ULabel.=,'\" Rlisntyf", max_size=30) | st.text(max_size=30))
def test_any_text_is_read_or_refused(text):
    for candidate in (text, f"cat[{text}]", f"cat[ULabel[{text}]]"):
        try:
            written = str(dtypes.parse(candidate))
        except ValidationError:
            continue
        assert str(dtypes.parse(written)) == written


@pytest.mark.parametrize(
    ("text", "dtype"),
    [
        *((word, Word(word)) for word in dtypes.WORDS),
        ("list[int]", ListOf(Word("int"))),
        ("list[list[datetime64[ns, UTC]]]", ListOf(ListOf(Word("datetime64[ns, UTC]")))),
        ("cat[ULabel]", Categorical((Ref("ULabel"),))),
        ("cat[ULabel.name]", Categorical((Ref("ULabel"),))),
        ("cat[bionty.Gene.symbol]", Categorical((Ref("bionty.Gene", "symbol"),))),
        ("cat[ULabel|bionty.CellType.ontology_id]", Categorical((Ref("ULabel"), Ref("bionty.CellType", "ontology_id")))),
        ("list[cat[Record[8a3Z]]]", ListOf(Categorical((Ref("Record", None, "8a3Z"),)))),
        ("cat[Record[8a3Z].description]", Categorical((Ref("Record", "description", "8a3Z"),))),
        ("cat[Record[8a3Z,reference=x]]", Categorical((Ref("Record", None, "8a3Z", (("reference", "x"),)),))),
        (
            "cat[bionty.CellType.ontology_id[source__uid='a,b',organism=x]]",
            Categorical((Ref("bionty.CellType", "ontology_id", None, (("source__uid", "a,b"), ("organism", "x"))),)),
        ),
        (
            "cat[ULabel[reference='[x|y]']|Record]",
            Categorical((Ref("ULabel", None, None, (("reference", "[x|y]"),)), Ref("Record"))),
        ),
        ("cat[]", Categorical(())),
    ],
)
def test_well_formed(text, dtype):
    assert dtypes.parse(text) == dtype
    assert dtypes.parse(f" {text} ") == dtype


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("itn", "'itn' is no dtype; did you mean 'int'?"),
        ("category", "'category' is no dtype"),
        ("cat", "'cat' is no dtype: write what it holds, as cat[ULabel]; dtypes are int, float"),
        ("list", "'list' is no dtype: write what it holds, as list[str]"),
        ("ULabel", "'ULabel' is no dtype: for records of a registry, write cat[ULabel]"),
        ("bionty.Gene", "write cat[bionty.Gene]"),
        ("", "'' is no dtype"),
        ("list[]", "'' is no dtype"),
        ("list[int", "'list[int' is no dtype: its brackets do not match"),
        ("cat[ULabel[a=b]", "the brackets of the dtype 'cat[ULabel[a=b]' do not match"),
        ("cat[ULabel]]", "the brackets of the dtype"),
        ("cat[ULabel|]", "'' in the dtype 'cat[ULabel|]' is no registry; write its name, as ULabel, bionty.Gene"),
        ("cat[int]", "'int' in the dtype 'cat[int]' is no registry"),
        ("cat[ULabel[]]", "'' in 'ULabel[]' of the dtype 'cat[ULabel[]]' is neither the uid of a type nor a filter"),
        ("cat[ULabel[a=]]", "'a' in 'ULabel[a=]' of the dtype"),
        ("cat[ULabel.name[uid].name]", "is no registry"),
        ("dict[str, int]", "'dict[str, int]' is no dtype"),
    ],
)
def test_malformed(text, message):
    with pytest.raises(ValidationError) as raised:
        dtypes.parse(text)
    assert message in str(raised.value)


def test_a_value_that_cannot_be_quoted():
    with pytest.raises(ValidationError, match="cannot be quoted, as it has both kinds of quotes"):
        str(Ref("ULabel", filters=(("name", "\"a', b"),)))
