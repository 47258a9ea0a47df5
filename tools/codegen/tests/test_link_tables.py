"""The ten families of link tables, each from the YAML that asks for it to the registry that results."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from lamin_codegen.model import Column, ForeignKey, OnDelete, Registry, Reverse, SchemaModel, ToMany, ToOne, Unique

ModelOf: TypeAlias = Callable[[str], SchemaModel]
LABEL = """\
  Label:
    description: A label.
    is_a: SQLRecord
"""
LINK = "mini.links:IsLink"
TRACKS_RUN = "mini.tracking:TracksRun"
ID = Column("id", "bigint", "Key.", primary_key=True)
CREATED_AT = Column("created_at", "datetime", "Time.", db_default="now")


def to_one(name: str, target: str, description: str, on_delete: OnDelete = "protect", nullable: bool = False) -> Column:
    table = target.replace(".", "_").lower()
    return Column(
        f"{name}_id", "integer", description, nullable=nullable, index=True, references=ForeignKey(target, table, on_delete)
    )


CREATED_BY = to_one("created_by", "mini.User", "Maker.")


def link(
    name: str, description: str, *columns: Column, bases: tuple[str, ...] = (LINK,), made: bool = False, **more: Any
) -> Registry:
    """A link registry of `lab`; relations follow from the columns."""
    relations = tuple(
        ToOne(one.name.removesuffix("_id"), one.name, one.references.target, one.nullable, one.description)
        for one in columns
        if one.references
    )
    return Registry(
        name,
        "lab",
        f"lab_{name.lower()}",
        description,
        bases,
        (ID, *columns),
        to_one=relations,
        is_link=True,
        auto_link=made,
        **more,
    )


def relations(model: SchemaModel, registry: str) -> dict[str, Reverse | ToMany]:
    found: list[Reverse | ToMany] = [*model.registry(registry).reverse, *model.registry(registry).to_many]
    return {relation.name: relation for relation in found}


def elsewhere(model: SchemaModel, host: str) -> dict[str, Reverse | ToMany]:
    return {one.relation.name: one.relation for one in model.elsewhere if one.host == host}


def test_bare(model_of: ModelOf) -> None:
    """A plain multivalued slot."""
    model = model_of(
        LABEL
        + "    attributes:\n      users: {description: Users., range: User, multivalued: true, annotations: {reverse: labels}}\n"
    )
    assert model.registry("Label_users") == link(
        "Label_users",
        "Link from one Label to one User by the relation `users`.",
        to_one("label", "lab.Label", "Label that has the relation `users`.", "cascade"),
        to_one("user", "mini.User", "User to which the relation leads.", "cascade"),
        made=True,
        uniques=(Unique("unique_lab_label_users", ("label_id", "user_id")),),
    )
    assert relations(model, "Label") == {
        "users": ToMany("users", "mini.User", "lab.Label_users", "label_id", "user_id", "Users.")
    }
    assert elsewhere(model, "mini.User") == {"labels": ToMany("labels", "lab.Label", "lab.Label_users", "user_id", "label_id")}


def test_bare_to_itself(model_of: ModelOf) -> None:
    """Columns are told apart by direction, and the relation leads from child to parent."""
    model = model_of(
        LABEL
        + """\
    attributes:
      parents: {description: Parents., range: Label, multivalued: true, annotations: {reverse: children}}
"""
    )
    found = model.registry("Label_parents")
    assert found.table == "lab_label_parents"
    assert [column.name for column in found.columns] == ["id", "from_label_id", "to_label_id"]
    assert found.uniques == (Unique("unique_lab_label_parents", ("from_label_id", "to_label_id")),)
    assert relations(model, "Label") == {
        "parents": ToMany("parents", "lab.Label", "lab.Label_parents", "from_label_id", "to_label_id", "Parents."),
        "children": ToMany("children", "lab.Label", "lab.Label_parents", "to_label_id", "from_label_id"),
    }


def test_ids_only(model_of: ModelOf) -> None:
    """`member_of`: nothing but the pair, of which the member is protected."""
    model = model_of(LABEL + "    annotations: {member_of: Schema}\n")
    assert model.registry("SchemaLabel") == link(
        "SchemaLabel",
        "Membership of one Label in one Schema.",
        to_one("schema", "mini.Schema", "Schema that has the member.", "cascade"),
        to_one("label", "lab.Label", "Label that is the member."),
        made=True,
        uniques=(Unique("unique_schemalabel", ("schema_id", "label_id")),),
    )
    assert relations(model, "Label") == {
        "links_schema": Reverse("links_schema", "lab.SchemaLabel", "label_id"),
        "schemas": ToMany(
            "schemas", "mini.Schema", "lab.SchemaLabel", "label_id", "schema_id", "Schema records of which it is a member."
        ),
    }
    assert elsewhere(model, "mini.Schema") == {
        "links_label": Reverse("links_label", "lab.SchemaLabel", "schema_id"),
        "labels": ToMany("labels", "lab.Label", "lab.SchemaLabel", "schema_id", "label_id"),
    }


def test_tracked(model_of: ModelOf) -> None:
    """Written out with a mixin; the slot over it names the class, and the columns follow from the ranges."""
    model = model_of(
        LABEL
        + """\
    attributes:
      users: {description: Users., range: User, multivalued: true, annotations: {through: UserLabel, reverse: labels}}
  UserLabel:
    description: A user's label.
    is_a: IsLink
    mixins: [TracksRun]
    attributes:
      user: {description: User., range: User, required: true, annotations: {on_delete: cascade, reverse: links_label}}
      label: {description: Label., range: Label, required: true, annotations: {reverse: links_user}}
    unique_keys:
      unique_userlabel: {unique_key_slots: [user, label]}
"""
    )
    # fmt: off
    assert model.registry("UserLabel") == link(
        "UserLabel", "A user's label.",
        to_one("user", "mini.User", "User.", "cascade"),
        to_one("label", "lab.Label", "Label."),
        CREATED_AT, CREATED_BY,
        bases=(TRACKS_RUN, LINK),
        uniques=(Unique("unique_userlabel", ("user_id", "label_id")),),
    )
    # fmt: on
    assert relations(model, "Label")["users"] == ToMany("users", "mini.User", "lab.UserLabel", "label_id", "user_id", "Users.")


def test_annotation_with_partial_uniqueness(model_of: ModelOf) -> None:
    """`annotates`: at most one link for a pair without feature, and one for each feature."""
    model = model_of(LABEL + "    annotations: {annotates: Artifact}\n")
    assert model.registry("ArtifactLabel") == link(
        "ArtifactLabel",
        "Annotation of one Artifact with one Label.",
        to_one("artifact", "mini.Artifact", "Artifact that is annotated.", "cascade"),
        to_one("label", "lab.Label", "Label with which the Artifact is annotated."),
        to_one("feature", "mini.Feature", "Feature under which the Artifact has the Label.", nullable=True),
        CREATED_AT,
        CREATED_BY,
        bases=(TRACKS_RUN, LINK),
        made=True,
        uniques=(
            Unique("unique_artifactlabel", ("artifact_id", "label_id", "feature_id"), ("feature_id", "not null")),
            Unique("unique_artifactlabel_null_feature", ("artifact_id", "label_id"), ("feature_id", "null")),
        ),
    )
    assert relations(model, "Label") == {
        "links_artifact": Reverse("links_artifact", "lab.ArtifactLabel", "label_id"),
        "artifacts": ToMany(
            "artifacts",
            "mini.Artifact",
            "lab.ArtifactLabel",
            "label_id",
            "artifact_id",
            "Artifact records that are annotated with it.",
        ),
    }
    assert elsewhere(model, "mini.Artifact") == {
        "links_label": Reverse("links_label", "lab.ArtifactLabel", "artifact_id"),
        "labels": ToMany("labels", "lab.Label", "lab.ArtifactLabel", "artifact_id", "label_id"),
    }
    assert elsewhere(model, "mini.Feature") == {
        "links_artifactlabel": Reverse("links_artifactlabel", "lab.ArtifactLabel", "feature_id")
    }


ANNOTATION = """\
  ArtifactLabel:
    description: An annotation.
    is_a: IsLink
    attributes:
      artifact: {description: Artifact., range: Artifact, required: true, annotations: {on_delete: cascade}}
      label: {description: Label., range: Label, required: true}
      feature: {description: Feature., range: Feature}
"""
ANNOTATION_COLUMNS = (
    to_one("artifact", "mini.Artifact", "Artifact.", "cascade"),
    to_one("label", "lab.Label", "Label."),
    to_one("feature", "mini.Feature", "Feature.", nullable=True),
)


def test_annotation_with_plain_uniqueness(model_of: ModelOf) -> None:
    model = model_of(LABEL + ANNOTATION + "    unique_keys:\n      one: {unique_key_slots: [artifact, label, feature]}\n")
    uniques = (Unique("one", ("artifact_id", "label_id", "feature_id")),)
    assert model.registry("ArtifactLabel") == link("ArtifactLabel", "An annotation.", *ANNOTATION_COLUMNS, uniques=uniques)


def test_annotation_without_uniqueness(model_of: ModelOf) -> None:
    model = model_of(LABEL + ANNOTATION)
    assert model.registry("ArtifactLabel") == link("ArtifactLabel", "An annotation.", *ANNOTATION_COLUMNS)


def test_record_values(model_of: ModelOf) -> None:
    """`values_in`: the feature is required, and the three are unique."""
    model = model_of(LABEL + "    annotations: {values_in: Record}\n")
    assert model.registry("RecordLabel") == link(
        "RecordLabel",
        "Label as value of a feature of one Record.",
        to_one("record", "mini.Record", "Record that has the value.", "cascade"),
        to_one("feature", "mini.Feature", "Feature of which it is the value."),
        to_one("value", "lab.Label", "Label that is the value."),
        made=True,
        uniques=(Unique("unique_recordlabel", ("record_id", "feature_id", "value_id")),),
    )
    assert relations(model, "Label") == {
        "links_record": Reverse("links_record", "lab.RecordLabel", "value_id"),
        "linked_in_records": ToMany(
            "linked_in_records",
            "mini.Record",
            "lab.RecordLabel",
            "value_id",
            "record_id",
            "Record records of which it is a value.",
        ),
    }
    assert elsewhere(model, "mini.Record") == {
        "values_label": Reverse("values_label", "lab.RecordLabel", "record_id"),
        "linked_labels": ToMany("linked_labels", "lab.Label", "lab.RecordLabel", "record_id", "value_id"),
    }
    assert list(elsewhere(model, "mini.Feature")) == ["links_recordlabel"]


def test_slots(model_of: ModelOf) -> None:
    """One link for each slot of the host, whatever it leads to."""
    model = model_of(
        LABEL
        + """\
  LabelSchema:
    description: Schema of a part.
    is_a: IsLink
    attributes:
      label: {description: Label., range: Label, required: true}
      schema: {description: Schema., range: Schema, required: true}
      slot: {description: Part., annotations: {max_length: 255}}
    unique_keys:
      all_three: {unique_key_slots: [label, slot, schema]}
      one_for_a_slot: {unique_key_slots: [label, slot]}
"""
    )
    assert model.registry("LabelSchema") == link(
        "LabelSchema",
        "Schema of a part.",
        to_one("label", "lab.Label", "Label."),
        to_one("schema", "mini.Schema", "Schema."),
        Column("slot", "string", "Part.", nullable=True, max_length=255),
        uniques=(
            Unique("all_three", ("label_id", "slot", "schema_id")),
            Unique("one_for_a_slot", ("label_id", "slot")),
        ),
    )


def test_roles(model_of: ModelOf) -> None:
    """Several links between two records, one for each role."""
    model = model_of(
        LABEL
        + """\
  LabelUser:
    description: A user's role.
    is_a: IsLink
    attributes:
      label: {description: Label., range: Label, required: true, annotations: {on_delete: cascade}}
      user: {description: User., range: User, required: true}
      role: {description: Role., required: true, annotations: {max_length: 32, index: true}}
    unique_keys:
      unique_labeluser: {unique_key_slots: [label, user, role]}
"""
    )
    assert model.registry("LabelUser") == link(
        "LabelUser",
        "A user's role.",
        to_one("label", "lab.Label", "Label.", "cascade"),
        to_one("user", "mini.User", "User."),
        Column("role", "string", "Role.", max_length=32, index=True),
        uniques=(Unique("unique_labeluser", ("label_id", "user_id", "role")),),
    )


def test_with_config(model_of: ModelOf) -> None:
    """Two columns to one registry, so that the slot has to say which is which; and JSON about the link."""
    model = model_of(
        LABEL
        + """\
    attributes:
      before:
        description: Labels that come before.
        range: Label
        multivalued: true
        annotations: {through: LabelLabel, here: later, there: earlier_id, reverse: after}
  LabelLabel:
    description: An order.
    is_a: IsLink
    attributes:
      later: {description: Later., range: Label, required: true, annotations: {on_delete: cascade}}
      earlier: {description: Earlier., range: Label, required: true, annotations: {on_delete: cascade}}
      config: {description: Anything., range: json}
    unique_keys:
      unique_labellabel: {unique_key_slots: [later, earlier]}
"""
    )
    assert model.registry("LabelLabel") == link(
        "LabelLabel",
        "An order.",
        to_one("later", "lab.Label", "Later.", "cascade"),
        to_one("earlier", "lab.Label", "Earlier.", "cascade"),
        Column("config", "json", "Anything.", nullable=True),
        uniques=(Unique("unique_labellabel", ("later_id", "earlier_id")),),
    )
    assert relations(model, "Label") == {
        "before": ToMany("before", "lab.Label", "lab.LabelLabel", "later_id", "earlier_id", "Labels that come before."),
        "after": ToMany("after", "lab.Label", "lab.LabelLabel", "earlier_id", "later_id"),
    }


def test_several_presets_and_names_of_several_words(model_of: ModelOf) -> None:
    """Columns and tables run words together, relations part them; the plural follows English unless it is given."""
    model = model_of(
        """\
  CellType:
    description: A type of cell.
    is_a: SQLRecord
    annotations: {annotates: Artifact Record, member_of: Schema}
  Ethnicity: {description: A group., is_a: SQLRecord, annotations: {annotates: Artifact}}
  Axis: {description: An axis., is_a: SQLRecord, annotations: {annotates: Artifact, plural: axes}}
"""
    )
    assert [registry.table for registry in model.registries] == [
        "lab_celltype",
        "lab_artifactcelltype",
        "lab_recordcelltype",
        "lab_schemacelltype",
        "lab_ethnicity",
        "lab_artifactethnicity",
        "lab_axis",
        "lab_artifactaxis",
    ]
    assert model.registry("ArtifactCellType").column("celltype_id").references is not None
    assert list(elsewhere(model, "mini.Artifact")) == [
        "cell_types",
        "links_cell_type",
        "ethnicities",
        "links_ethnicity",
        "axes",
        "links_axis",
    ]
    assert {"artifacts", "records", "schemas"} <= relations(model, "CellType").keys()


def test_links_of_a_module_whose_tables_delete_in_the_database(model_of: ModelOf) -> None:
    """A class or schema says it for its links, too; a slot may differ."""
    model = model_of(
        LABEL
        + """\
    annotations: {annotates: Artifact, on_delete_in_database: true}
    attributes:
      users: {description: Users., range: User, multivalued: true}
      owner: {description: Owner., range: User, annotations: {on_delete_in_database: false}}
"""
    )
    in_database = {
        (registry.name, column.name)
        for registry in model.registries
        for column in registry.columns
        if column.references and column.references.in_database
    }
    assert in_database == {
        ("ArtifactLabel", "artifact_id"),
        ("ArtifactLabel", "label_id"),
        ("ArtifactLabel", "feature_id"),
        ("ArtifactLabel", "created_by_id"),
        ("Label_users", "label_id"),
        ("Label_users", "user_id"),
    }


def test_link_without_a_base_class_has_its_own_key(model_of: ModelOf) -> None:
    model = model_of(
        """\
id: https://example.org/lab
name: lab
imports: [linkml:types]
annotations: {module: lab, package: lab._registries}
classes:
  Label:
    description: A label.
    attributes:
      id: {description: Key., identifier: true, range: integer}
      parents: {description: Parents., range: Label, multivalued: true}
"""
    )
    found = model.registry("Label_parents")
    assert found.bases == ()
    assert found.columns[0] == Column("id", "bigint", "Number of the link in this database.", primary_key=True)


def test_a_class_may_say_itself_that_it_is_a_link(model_of: ModelOf) -> None:
    model = model_of(
        """\
  Pair: {description: A pair., is_a: SQLRecord, annotations: {link: true}}
  Visible: {description: A link with a page of its own., is_a: IsLink, annotations: {link: false}}
  Hidden: {description: A link., is_a: IsLink}
"""
    )
    assert [registry.is_link for registry in model.registries] == [True, False, True]
