"""Transforms that are made by hand, and how roots and keys of files are told."""

from pathlib import Path
from typing import Any

import pytest
from lamindb_setup.databases import Database

import lamindb as ln
from lamindb.errors import ArtifactMissing, ArtifactUnreadable, FieldValidationError, InvalidArgument, UpdateContext
from lamindb.lineage import roots
from lamindb.lineage.source import hash_of


def versions(**lookups: Any) -> list[str]:
    return [each.uid[-4:] for each in ln.Transform.filter(**lookups).order_by("id")]


def test_the_same_code_under_a_key_is_the_same_version(database: Database) -> None:
    first = ln.Transform(key="a", source_code="1").save()
    ln.Transform(key="a", source_code="2").save()
    assert ln.Transform(key="a", source_code="1").save() == first
    assert first.hash == hash_of(b"1")
    assert versions() == ["0000", "0001"]
    assert not ln.Transform.get(first.uid).is_latest


def test_the_same_code_under_another_key_is_another_transform(database: Database) -> None:
    assert ln.Transform(key="a", source_code="1").save() != ln.Transform(key="b", source_code="1").save()


def test_a_transform_without_code_gets_it_and_its_version_applies(database: Database) -> None:
    draft = ln.Transform(key="a").save()
    same = ln.Transform(key="a", source_code="1", version="v1").save()
    assert same == draft
    assert (ln.Transform.get(draft.uid).source_code, same.version) == ("1", "v1")
    with pytest.raises(InvalidArgument, match="this code is version 'v1' of 'a' already, not 'v2'"):
        ln.Transform(key="a", source_code="1", version="v2").save()
    with pytest.raises(InvalidArgument, match="version 'v1' of this Transform exists"):
        ln.Transform(key="a", source_code="2", version="v1").save()
    assert versions() == ["0000"]


def test_a_family_has_one_kind(database: Database) -> None:
    script = ln.Transform(key="a", kind="script", source_code="1").save()
    pipeline = ln.Transform(key="a", kind="pipeline", source_code="2").save()
    assert script.stem_uid != pipeline.stem_uid
    assert ln.Transform(key="a", kind="script", source_code="3").save().stem_uid == script.stem_uid
    with pytest.raises(
        InvalidArgument, match=r"the script .* has key 'a' and the same source code; pass another key for this pipeline"
    ):
        ln.Transform(key="a", kind="pipeline", source_code="1").save()
    with pytest.raises(InvalidArgument, match="is a script, this is a pipeline"):
        ln.Transform(key="a", kind="pipeline", source_code="4", uid=script.stem_uid).save()
    with pytest.raises(FieldValidationError, match="kind must be one of pipeline, notebook, script, function, not 'scrip'"):
        ln.Transform(key="a", kind="scrip")


def test_code_in_the_trash_comes_back(database: Database) -> None:
    first = ln.Transform(key="a", source_code="1").save()
    first.delete()
    again = ln.Transform(key="a", source_code="1").save()
    assert (again.uid, again.branch_id, versions()) == (first.uid, 1, ["0000"])


def test_uids_that_are_asked_for(database: Database) -> None:
    first = ln.Transform(key="a", source_code="1", uid="Abcdefghijkl").save()
    assert first.uid == "Abcdefghijkl0000"
    assert ln.Transform(key="b", source_code="2", uid="Abcdefghijkl").save().uid == "Abcdefghijkl0001"
    assert ln.Transform(key="a", source_code="1", uid="Abcdefghijkl0000").save() == first
    with pytest.raises(UpdateContext, match="for the next version pass 'Abcdefghijkl0002'"):
        ln.Transform(key="a", source_code="3", uid="Abcdefghijkl0007").save()
    with pytest.raises(UpdateContext, match="this code is 'Abcdefghijkl0000': pass that uid, or its stem"):
        ln.Transform(key="a", source_code="1", uid="Abcdefghijkl0001").save()
    with pytest.raises(UpdateContext, match="the code under key 'a' is transform 'Abcdefghijkl0000' already"):
        ln.Transform(key="a", source_code="1", uid="Zbcdefghijkl").save()
    with pytest.raises(InvalidArgument, match="'Abc' is no uid of a transform"):
        ln.Transform(key="a", uid="Abc")


def test_only_keywords_and_known_ones(database: Database) -> None:
    with pytest.raises(ValueError, match="takes no arguments by position"):
        ln.Transform("a")  # type: ignore[misc]  # that is the test
    with pytest.raises(ValueError, match="'keyy' is not an argument; did you mean 'key'"):
        ln.Transform(keyy="a")  # type: ignore[call-arg]  # that is the test
    with pytest.raises(FieldValidationError, match="key is required"):
        ln.Transform()
    with pytest.raises(FieldValidationError, match="version_tag must be text, not 1"):
        ln.Transform(key="a", version=1)  # type: ignore[arg-type]  # that is the test


def test_a_file_is_saved_as_a_transform_without_a_run(database: Database) -> None:
    assert database.instance.folder is not None
    path = database.instance.folder / "fit.R"
    path.write_text("x <- 1\n")
    transform = ln.Transform.from_path(path, description="fits")
    assert (transform.key, transform.kind, transform.source_code, transform.description) == (
        "fit.R",
        "script",
        "x <- 1\n",
        "fits",
    )
    assert ln.Transform.from_path(str(path)) == transform
    assert ln.Transform.from_path(path, key="other", version="v1").version == "v1"
    assert transform.latest_run is None
    run = ln.Run(transform).save()
    assert transform.latest_run == run
    with pytest.raises(ArtifactMissing, match="there is no source file"):
        ln.Transform.from_path(path.with_name("nothing.py"))
    with pytest.raises(ArtifactUnreadable, match="cannot be read"):
        ln.Transform.from_path(path.parent)


def test_odd_files_are_read(database: Database) -> None:
    assert database.instance.folder is not None
    latin = database.instance.folder / "latin.py"
    latin.write_bytes("# -*- coding: latin-1 -*-\nx = 'ä'\n".encode("latin-1"))
    assert ln.Transform.from_path(latin).source_code == "# -*- coding: latin-1 -*-\nx = 'ä'\n"
    odd = database.instance.folder / "odd name #1?.py"
    odd.write_bytes(b"x = 1\xff\0\r\n")
    transform = ln.Transform.from_path(odd)
    assert (transform.key, transform.source_code) == ("odd name #1?.py", "x = 1\N{REPLACEMENT CHARACTER}\r\n")
    empty = database.instance.folder / "empty.py"
    empty.touch()
    assert ln.Transform.from_path(empty).source_code == ""
    assert ln.Transform.from_path(empty).hash == hash_of(b"")


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/owner/repo", "github.com/owner/repo"),
        ("https://user:pw@GitHub.com/owner/repo.git", "github.com/owner/repo"),
        ("git@github.com:owner/repo.git", "github.com/owner/repo"),
        ("ssh://git@github.com/owner/repo.git/", "github.com/owner/repo"),
        ("https://my.gitlab.com/a.git.b/c", "my.gitlab.com/a.git.b/c"),
        ("../elsewhere/", "../elsewhere"),
    ],
)
def test_a_remote_has_one_name(url: str, name: str) -> None:
    assert roots.normalized(url) == name


def test_roots(database: Database, tmp_path: Path) -> None:
    assert database.instance.folder is not None

    def keys(path: Path) -> tuple[str, str]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        root = roots.root_of(path.resolve(), database)
        return root.names[0].partition(":")[0], roots.keys_of(path.resolve(), root)[0]

    assert keys(database.instance.folder / "a" / "x.py") == ("project", "a/x.py")
    repository = database.instance.folder / "repo"
    (repository / ".git").mkdir(parents=True)
    assert keys(repository / "src" / "x.py") == ("folder", "src/x.py")
    (repository / ".git" / "config").write_text('[remote "origin"]\n\turl = git@h:o/r\n\tfetch = x\n[branch "main"]\n')
    assert keys(repository / "src" / "x.py") == ("git", "src/x.py")
    assert keys(repository / ".venv/lib/site-packages/lib/steps.py") == ("packages", "pypackages/lib/steps.py")
    worktree = tmp_path / "worktree"
    worktree.mkdir()
    admin = repository / ".git" / "worktrees" / "w"
    admin.mkdir(parents=True)
    (admin / "commondir").write_text("../..\n")
    (worktree / ".git").write_text(f"gitdir: {admin}\n")
    assert roots.root_of(worktree / "x.py", database).names[0] == "git:h/o/r"
    alone = tmp_path / "alone"
    assert keys(alone / "x.py") == ("folder", "x.py")
    (alone / "lamin.toml").write_text('[instance]\nuid = "another00000"\n')
    assert keys(alone / "sub" / "x.py") == ("folder", "x.py")
    (alone / "lamin.toml").write_text("[broken")
    assert keys(alone / "sub" / "x.py") == ("folder", "x.py")


def test_a_version_that_is_named_is_revised(database: Database) -> None:
    first = ln.Transform(key="a", source_code="1").save()
    second = ln.Transform(revises=first, source_code="2").save()
    assert (second.key, second.kind, second.uid[-4:]) == ("a", "pipeline", "0001")
    assert not first.is_latest
    third = ln.Transform(revises=first, key="b", source_code="3").save()
    assert [(each.key, each.uid[-4:]) for each in ln.Transform.filter().order_by("id")] == [
        ("a", "0000"),
        ("a", "0001"),
        ("b", "0002"),
    ]
    assert third.stem_uid == first.stem_uid
    with pytest.raises(InvalidArgument, match="revises must be a saved Transform"):
        ln.Transform(revises=ln.Transform(key="c"))
