"""What search finds, in which order, and what it refuses; the same on both databases."""

from __future__ import annotations

import hashlib

import pytest

import lamindb as ln
from lamindb.errors import FieldError, InvalidArgument, LaminError, MultipleObjectsReturned

CELLS = (
    "T cell",
    "cell",
    "CELL line",
    "gamma-delta T cell",
    "stem cells of bone",
    "subcellular",
    "B-cell",
    "lymphocyte",
    "CD8+",
    "CD8-",
)


@pytest.fixture
def cells(database):
    ln.save([ln.ULabel(name=name) for name in CELLS])
    ln.ULabel(name="zebra", description="A lymphocyte is a cell").save()


def found(text, **options):
    return ln.ULabel.search(text, **options).to_list("name")


# ---- what is found, and in which order ---------------------------------------------------------------------------------------
def test_17_exact_first_then_beginnings_words_and_the_rest(cells):
    assert found("cell") == [
        "cell",
        "CELL line",
        "B-cell",
        "T cell",
        "gamma-delta T cell",
        "stem cells of bone",
        "subcellular",
        "zebra",
    ]


def test_17_letters_of_the_same_case_come_before_others(database):
    ln.save([ln.ULabel(name=name) for name in ("treg", "TREG", "Treg")])
    assert found("Treg")[0] == "Treg"
    assert found("TREG")[0] == "TREG"
    assert found("TREG", case_sensitive=True) == ["TREG"]


def test_17_names_of_one_word_and_a_sign_are_told_apart(cells):
    assert found("CD8+") == ["CD8+"]
    assert found("CD8-") == ["CD8-"]
    assert found("cd8") == ["CD8+", "CD8-"]


def test_17_synonyms_are_names(database):
    ln.Feature(name="regulatory T cell", dtype=str, synonyms="Treg|suppressor cell").save()
    ln.Feature(name="Treg marker", dtype=str).save()
    ln.Feature(name="gene", dtype=str, description="expressed in Treg").save()
    assert ln.Feature.search("treg").to_list("name") == ["regulatory T cell", "Treg marker", "gene"]
    assert ln.Feature.search("supressor").one().name == "regulatory T cell"


def test_17_abbreviations_are_names(database):
    ln.Project(name="Human Cell Atlas", abbr="HCA").save()
    ln.Project(name="HCAT").save()
    assert ln.Project.search("hca").to_list("name") == ["Human Cell Atlas", "HCAT"]


def test_a_name_may_have_the_sign_that_parts_synonyms(database):
    ln.save([ln.ULabel(name="a|b"), ln.ULabel(name="b")])
    assert found("a|b") == ["a|b"]
    assert found("b")[0] == "b"


def test_all_words_are_looked_for_if_nothing_has_the_text(cells):
    assert found("cell gamma") == ["gamma-delta T cell"]
    assert found("cell T delta") == ["gamma-delta T cell"]
    assert found("cell is lymphocyte") == ["zebra"]


@pytest.mark.parametrize(
    "text", ["lymphocite", "lymphocyt3", "lymphoccyte", "lymhpocyte", "lymphoctye", "lymphocytte", "Lymfocyte"]
)
def test_one_typo_in_a_word_is_forgiven(cells, text):
    expected = [] if text == "Lymfocyte" else ["lymphocyte"]  # two letters differ
    assert found(text) == expected


def test_each_word_may_have_a_typo(cells):
    assert found("gama-dleta T cell") == ["gamma-delta T cell"]


@pytest.mark.parametrize("text", ["mian", "amin", "man", "main", "mein"])
def test_short_words_may_have_a_typo_too(database, text):
    expected = [] if text == "man" else ["main"]  # three letters are too few
    assert ln.Branch.search(text).to_list("name") == expected


def test_typos_are_not_looked_for_where_something_matches(cells):
    ln.ULabel(name="cello").save()
    assert found("cello") == ["cello"]


def test_keys_of_artifacts_are_names_and_the_latest_version_comes_first(database, tmp_path):
    for text in ("1", "2"):
        (tmp_path / "a.txt").write_text(text)
        ln.Artifact(tmp_path / "a.txt", key="raw/pbmc_counts.txt", description="blood").save()
    assert [one.is_latest for one in ln.Artifact.search("pbmc_counts")] == [True, False]
    assert ln.Artifact.search("blood").count() == 2


# ---- texts of one or two letters ---------------------------------------------------------------------------------------------
def test_one_and_two_letters_begin_words(database):
    ln.save([ln.ULabel(name=name) for name in ("T", "T cell", "gamma-T cell", "tTt", "Ki67", "NKT", "NK cell", "x_t")])
    assert found("t")[:3] == ["T", "tTt", "T cell"]
    assert set(found("t")) == {"T", "T cell", "gamma-T cell", "tTt", "x_t"}
    assert found("nk") == ["NKT", "NK cell"]
    assert found("67") == []  # within words only longer texts are looked for
    assert found("i67") == ["Ki67"]


def test_signs_alone(database):
    ln.save([ln.ULabel(name=name) for name in ("100%", "a_b", 'x"y', "a*b", "(c)", "d\\e", "β", "emoji 😀")])
    for text, name in (
        ("%", "100%"),
        ("_", "a_b"),
        ('"', 'x"y'),
        ("*", "a*b"),
        ("(", "(c)"),
        ("\\", "d\\e"),
        ("Β", "β"),
        ("😀", "emoji 😀"),
    ):
        assert found(text) == [name], text


# ---- scope -------------------------------------------------------------------------------------------------------------------
def test_pp15_search_sees_what_queries_see(cells):
    ln.ULabel.get(name="T cell").delete()
    assert "T cell" not in found("cell")
    assert "T cell" in ln.ULabel.filter(branch=None).search("cell").to_list("name")
    assert ln.ULabel.filter(branch__name="trash").search("cell").to_list("name") == ["T cell"]


def test_pp15_search_hides_other_branches(cells):
    ln.Branch(name="side").save()
    ln.ULabel.get(name="T cell").save()
    ln.ULabel.filter(name="T cell").update(branch="side")
    assert "T cell" not in found("T cell")
    assert ln.ULabel.filter(branch__name="side").search("t cell").one().name == "T cell"


def test_pp15_typos_and_words_do_not_find_the_trash(cells):
    ln.ULabel.get(name="lymphocyte").delete()
    assert found("lymphocite") == []
    ln.ULabel.get(name="gamma-delta T cell").delete()
    assert found("cell gamma") == []


def test_a_set_is_searched_within_its_conditions(cells):
    kind = ln.ULabel(name="Kind", is_type=True).save()
    ln.ULabel(name="cell of a kind", type=kind).save()
    assert ln.ULabel.filter(type=kind).search("cell").to_list("name") == ["cell of a kind"]
    assert ln.ULabel.filter(name__startswith="g").search("cell").one().name == "gamma-delta T cell"


def test_related_records_are_searched(cells, tmp_path):
    (tmp_path / "a.txt").write_text("a")
    artifact = ln.Artifact(tmp_path / "a.txt", key="a.txt").save()
    artifact.ulabels.add(ln.ULabel.get(name="T cell"), ln.ULabel.get(name="lymphocyte"))
    assert artifact.ulabels.search("cell").to_list("name") == ["T cell"]


# ---- a query set -------------------------------------------------------------------------------------------------------------
def test_the_result_is_a_query_set_that_keeps_the_order(cells):
    names = found("cell")
    result = ln.ULabel.search("cell")
    assert [one.name for one in result] == names
    assert [one.name for one in result[1:3]] == names[1:3]
    assert result[0].name == result.first().name == "cell"
    assert result.last().name == names[-1]
    assert (result.count(), len(result), result.exists()) == (len(names), len(names), True)
    assert ln.ULabel.search("cell").to_dataframe()["name"].tolist() == names
    assert ln.ULabel.search("cell").values_list("name", flat=True) == names
    assert ln.ULabel.search("lymphocite").one().name == "lymphocyte"
    assert ln.ULabel.search("qwertz").one_or_none() is None
    assert "lymphocyte" in repr(ln.ULabel.search("lymphocite"))


def test_all_of_many_keep_their_order(database):
    ln.save([ln.ULabel(name=f"cell {'x' * (number * 7919 % 131)} {number}") for number in range(2500)])
    ln.ULabel(name="cell").save()
    result = ln.ULabel.search("cell", limit=None)
    names = result.to_list("name")
    assert names == sorted(names, key=lambda name: (name != "cell", len(name), name))
    assert (len(names), result[2].name, result.reverse().first().name) == (2501, names[2], names[-1])


def test_limit(cells):
    assert found("cell", limit=2) == ["cell", "CELL line"]
    assert found("cell", limit=0) == []
    assert len(found("cell", limit=None)) == 8
    assert ln.ULabel.search("cell", limit=None).filter(name__startswith="s").to_list("name") == [
        "stem cells of bone",
        "subcellular",
    ]
    assert ln.ULabel.search("cell", limit=None).reverse().first().name == "zebra"


def test_a_result_with_a_limit_is_a_slice(cells):
    with pytest.raises(InvalidArgument, match="slice cannot be changed by filter"):
        ln.ULabel.search("cell").filter(name="cell")
    with pytest.raises(InvalidArgument, match="slice cannot be changed by search"):
        ln.ULabel.filter()[:3].search("cell")
    with pytest.raises(MultipleObjectsReturned):
        ln.ULabel.search("cell").one()


def test_fields(cells):
    assert found("cell", field="description") == ["zebra"]
    assert found("cell", field=ln.ULabel.description) == ["zebra"]
    assert found("lymphocite", field="description") == ["zebra"]
    assert found("lymphocyte", field=["description", "name"]) == ["lymphocyte", "zebra"]
    uid = ln.ULabel.get(name="cell").uid
    assert found(uid[:5], field="uid") == ["cell"]
    ln.Feature(name="one", dtype=str, synonyms="other").save()
    assert ln.Feature.search("other", field="name").to_list() == []
    assert ln.Feature.search("other", field="synonyms").one().name == "one"


def test_rows_can_be_written_through_a_result(cells):
    assert ln.ULabel.search("lymphocite").delete() is None
    assert ln.ULabel.filter(name="lymphocyte").count() == 0


# ---- statements --------------------------------------------------------------------------------------------------------------
def test_statements(cells, queries):
    with queries.exactly(2):
        list(ln.ULabel.search("cell"))
    with queries.exactly(0):
        ln.ULabel.search("cell")
    with queries.exactly(3):  # the search itself runs once
        result = ln.ULabel.search("cell")
        result.count()
        list(result[:2])
    with queries.exactly(3):  # nothing has the text, which is one word; a typo is found
        ln.ULabel.search("lymphocite").one()


def test_statements_do_not_grow_with_hits(database, queries):
    ln.save([ln.ULabel(name=f"cell {number:04}") for number in range(3000)])
    with queries.exactly(2):
        assert ln.ULabel.search("cell 2999").one().name == "cell 2999"
    with queries.exactly(3):  # too many to rank all: what is called so and begins so is asked for
        assert len(ln.ULabel.search("cell").to_list()) == 20


def test_exact_names_are_found_among_more_hits_than_are_ranked(database):
    ln.save([ln.ULabel(name=f"a cell {number:04}") for number in range(1500)])
    ln.save([ln.ULabel(name=name) for name in ("the Cell", "Cell", "cell wall")])
    ln.save([ln.ULabel(name=f"other cell {number:04}") for number in range(500)])
    assert found("cell")[:2] == ["Cell", "cell wall"]
    ln.save([ln.Feature(name=f"cell feature {number:04}", dtype=str) for number in range(1200)])
    ln.Feature(name="unit", dtype=str, synonyms="count|cell").save()
    assert ln.Feature.search("cell").first().name == "unit"
    assert len(ln.Feature.search("cell", limit=None).to_list()) == 1201


# ---- bad input ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("text", [None, 5, b"cell", ["cell"]])
def test_17_what_is_no_text_is_refused(database, text):
    with pytest.raises(ValueError, match="search takes a text, got"):
        ln.ULabel.search(text)


@pytest.mark.parametrize("text", ["", " ", "\t\n"])
def test_17_an_empty_text_is_answered_by_every_row(cells, text):
    assert found(text) == [*CELLS, "zebra"]
    assert found(text, limit=2) == list(CELLS[:2])


@pytest.mark.parametrize(
    "text",
    [
        "a AND b",
        "cell OR",
        "NOT cell",
        "NEAR(cell line)",
        "names : cell",
        "cell*",
        '"cell"',
        '"',
        "(cell",
        "cell)",
        "^cell",
        "%",
        "_%_",
        "ce_l",
        "c%l",
        "'; DROP TABLE lamindb_ulabel; --",
        "\\",
        "[a-z]+",
        ".*",
        "cell{2}",
        "cell?",
        "|",
        "||",
        "-",
        "--- ---",
        "\x00",
        "cell\x00",
        "\ud800cell",
        "\U0010ffff",
        "́",
        "İ",
        "ß ſ K",
        "x" * 100_000,
        "cell " * 20_000,
        "ab " * 5_000,
        " ".join(hashlib.sha256(bytes([number])).hexdigest() for number in range(40)),
        " ".join(f"word{number}" for number in range(3_000)),
        "\x7f\x01",
    ],
)
def test_17_any_text_is_taken_as_it_is(cells, text):
    assert set(found(text)) <= {*CELLS, "zebra"}
    assert ln.ULabel.search(text).count() == len(found(text))
    if "\x00" in text or "\ud800" in text:
        assert found(text) == []


def test_17_signs_of_patterns_stand_for_themselves(database):
    names = ["100% pure", "a_b", "aXb", "a*b", "50 %", "[ab]", "AND OR NOT", 'say "hi"', "NEAR(x)", "c:\\dir"]
    ln.save([ln.ULabel(name=name) for name in names])
    for text in names:
        assert found(text)[0] == text
    assert found("0% p") == ["100% pure"]
    assert found("AND OR") == ["AND OR NOT"]


def test_17_any_language(database):
    names = ["Été à la plage", "Ωmega ΒΗΤΑ", "Ткань", "組織サンプル", "naïve T-Zelle", "😀 sample"]
    ln.save([ln.ULabel(name=name) for name in names])
    for text, name in (
        ("été", names[0]),
        ("βητα", names[1]),
        ("ткан", names[2]),
        ("組織", names[3]),
        ("サンプル", names[3]),
        ("naive", names[4]),
        ("😀 s", names[5]),
    ):
        assert found(text) == [name], text


def test_unknown_fields_are_named_with_the_nearest(database):
    with pytest.raises(FieldError, match="description"):
        ln.ULabel.search("cell", field="descripton")


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("created_at", "search needs texts, but ULabel.created_at holds datetime; choose a text field"),
        ("type", "holds relation"),
        ("type__name", "no field of it itself"),
        ([], "got none"),
        (5, "field is a name of a field or several"),
        (["name", None], "field is a name of a field or several"),
    ],
)
def test_fields_without_text(database, field, message):
    with pytest.raises(InvalidArgument, match=message):
        ln.ULabel.search("cell", field=field)


@pytest.mark.parametrize("limit", [-1, 2.5, "3", True])
def test_limits_that_are_no_numbers(database, limit):
    with pytest.raises(InvalidArgument, match="limit is a number of records or None for all"):
        ln.ULabel.search("cell", limit=limit)


def test_registries_without_names_say_so(database):
    with pytest.raises(LaminError, match="JsonValue has no names to search"):
        ln.models.JsonValue.search("cell")
