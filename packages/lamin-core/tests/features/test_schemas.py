"""Schemas as rows: known by name, or by content without one."""

import pytest

import lamindb as ln


@pytest.mark.parametrize(
    ("values", "itype", "dtype", "content"),
    [
        ({"itype": "Feature"}, "Feature", None, "kMi7B_N88uu-YnbTLDU-DA"),
        ({"itype": "bionty.Gene.ensembl_gene_id"}, "bionty.Gene.ensembl_gene_id", "num", "1gocc_TJ1RU2bMwDRK-WUA"),
        ({"itype": "ULabel.name", "dtype": float}, "ULabel", "float", None),
        ({"itype": "Feature", "flexible": True}, "Feature", None, "kMi7B_N88uu-YnbTLDU-DA"),
        ({"itype": "Feature", "coerce": False}, "Feature", None, "kMi7B_N88uu-YnbTLDU-DA"),
    ],
)
def test_content_is_hashed_as_lamindb_does(database, values, itype, dtype, content):
    schema = ln.Schema(name="s", **values).save()
    found = ln.Schema.get(name="s")
    assert (found.itype, found.dtype, found.flexible, found.coerce) == (itype, dtype, True, None)
    assert len(found.hash) == 22
    assert content in (None, found.hash)
    assert found.hash == schema.hash


@pytest.mark.parametrize(
    "other",
    [
        {"flexible": False},
        {"minimal_set": False},
        {"maximal_set": True},
        {"ordered_set": True},
        {"coerce": True},
        {"suffix": ".h5ad"},
        {"dtype": "int"},
        {"otype": "DataFrame"},
    ],
)
def test_other_content_has_another_hash(database, other):
    plain = ln.Schema(itype=ln.Feature).save()
    schema = ln.Schema(itype=ln.Feature, **other).save()
    assert schema != plain
    assert schema.hash != plain.hash
    assert ln.Schema(itype=ln.Feature, **other) == schema
    assert ln.Schema(itype="Feature") == plain


def test_a_name_is_one_schema(database, queries):
    schema = ln.Schema(name="s", itype=ln.Feature, description="d").save()
    with queries.exactly(1):
        assert ln.Schema(name="s", itype=ln.Feature).uid == schema.uid
    named_otherwise = ln.Schema(name="t", itype=ln.Feature).save()
    assert named_otherwise != schema
    assert ln.Schema.get(name="s").description == "d"
    with pytest.raises(
        ln.errors.ValidationError, match=r"the schema 's' exists with other content \(itype 'Feature', otype None\)"
    ):
        ln.Schema(name="s", itype=ln.ULabel)
    mine = ln.Schema(name="u", itype=ln.Feature)
    ln.Schema(name="u", otype="AnnData").save()
    with pytest.raises(
        ln.errors.ValidationError, match=r"the schema 'u' exists with other content \(itype None, otype 'AnnData'\)"
    ):
        mine.save()


def test_named_and_nameless_ones_together(database):
    named, nameless, twin = ln.Schema(name="s", otype="AnnData"), ln.Schema(itype=ln.ULabel), ln.Schema(itype=ln.ULabel)
    ln.save([named, nameless, twin])
    assert nameless == twin
    assert ln.Schema.filter().count() == 2


def test_types_of_schemas(database):
    kind = ln.Schema(name="Kind", is_type=True).save()
    assert (kind.hash, kind.dtype, kind.itype) == (None, None, None)
    schema = ln.Schema(name="s", itype=ln.Feature, type=kind).save()
    assert kind.schemas.one() == schema
    assert ln.Schema(name="Kind", is_type=True) == kind
    with pytest.raises(ln.errors.FieldValidationError, match="a type needs a name"):
        ln.Schema(is_type=True)


def test_content_never_changes(database):
    schema = ln.Schema(name="s", itype=ln.Feature).save()
    schema.flexible = False
    schema.maximal_set = True
    with pytest.raises(ln.errors.InvalidArgument, match="the flexible, maximal_set of a saved schema never changes"):
        schema.save()
    found = ln.Schema.get(name="s")
    found.name, found.description = "t", "d"
    assert ln.Schema.get(found.save().uid).name == "t"


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({}, "InvalidArgument", r"a Schema needs itype .*, otype .* or is_type=True"),
        ({"name": "s"}, "InvalidArgument", "a Schema needs itype"),
        ({"itype": "Featur"}, "ValidationError", "there is no registry 'Featur'"),
        ({"itype": "ULabel.nam"}, "ValidationError", r"ULabel has no field 'nam'; did you mean 'name'\?"),
        ({"itype": "int"}, "ValidationError", "is no registry"),
        ({"itype": int}, "ValidationError", "itype must be a registry or a field of one"),
        ({"itype": "Feature", "dtype": "itn"}, "ValidationError", "did you mean 'int'"),
        ({"itype": "Feature", "itypes": 5}, "FieldValidationError", r"'itypes' is not an argument; did you mean 'itype'"),
        ({"itype": "Feature", "flexible": "yes"}, "FieldValidationError", "flexible must be True or False, not 'yes'"),
    ],
)
def test_bad_arguments(database, arguments, error, message):
    with pytest.raises(getattr(ln.errors, error), match=message):
        ln.Schema(**arguments)
    assert ln.Schema.filter().count() == 0


def test_no_arguments_by_position(database):
    with pytest.raises(
        ln.errors.FieldValidationError, match=r"Schema takes no arguments by position, got 1: pass keywords, as Schema\(name=…\)"
    ):
        ln.Schema([])
