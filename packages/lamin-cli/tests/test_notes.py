"""Readmes and comments: `lamin annotate` and `lamin describe`."""

from __future__ import annotations

from .conftest import Outcome, Shell


def test_a_readme_and_comments_are_written_and_shown(greeting: Shell) -> None:
    greeting.write("notes.md", "# Greeting\n\nWhat it is about: ü.\n")
    done = greeting("annotate", "--key", "k/f.txt", "--readme", "notes.md", "--comment", "looks good")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith("annotated artifact ")
    shown = greeting("describe", "--key", "k/f.txt").out
    assert shown.endswith("\nNotes\n  # Greeting\n\n  What it is about: ü.\n")
    with_comments = greeting("describe", "--key", "k/f.txt", "--include", "comments").out
    assert with_comments == f"{shown}  comment by testuser at WHEN UTC\n    looks good\n"
    greeting.write("notes.md", "# Greeting, again\n")
    for _ in range(2):
        assert greeting("annotate", "--key", "k/f.txt", "--readme", "notes.md").code == 0
    assert greeting.python("a = ln.Artifact.get(key='k/f.txt'); print(a.notes, a.ablocks.count())") == "# Greeting, again\n 3"


def test_notes_of_every_kind_of_row(database: Shell) -> None:
    database.write("notes.md", "why")
    database.python(
        "ln.ULabel(name='x').save(); ln.Project(name='x').save(); ln.Record(name='x').save(); ln.Feature('x', int).save()\n"
        "ln.Space(name='x').save(); ln.Branch(name='x').save(); ln.Schema(name='x', itype='Feature').save()\n"
        "ln.Run(ln.Transform(key='x').save()).save()"
    )
    for registry in ("ulabel", "project", "record", "feature", "space", "branch", "schema"):
        assert database("annotate", registry, "--name", "x", "--readme", "notes.md").code == 0, registry
        assert database("describe", registry, "--name", "x").out.endswith("\nNotes\n  why\n"), registry
    assert database("annotate", "transform", "--key", "x", "--comment", "why").code == 0
    assert database("annotate", "branch", "--comment", "the current one").code == 0
    assert database.python("print(ln.Branch.get(name='main').ablocks.one().content)") == "the current one"


def test_what_cannot_be_written_changes_nothing(greeting: Shell) -> None:
    (greeting.folder / "latin.md").write_bytes("ü".encode("latin-1"))
    greeting.write("empty.md", " \n")
    asked = ("annotate", "--key", "k/f.txt", "--description", "new")
    for more, sentence in (
        (("--readme", "nope.md"), "invalid value for '--readme': File 'nope.md' does not exist; see"),
        (("--readme", "latin.md"), "the readme latin.md is no text in UTF-8"),
        (("--readme", "empty.md"), "the readme is empty"),
        (("--comment", ""), "the comment is empty"),
        (("--comment", "x", "--ulabel", "nope"), ""),
    ):
        said = greeting(*asked, *more)
        assert said.code in (2, 3)
        assert said.err.startswith(f"lamin: {sentence}"), said.err
    assert greeting.python("a = ln.Artifact.get(key='k/f.txt'); print(a.description, a.ablocks.count())") == "a greeting 0"
    said = greeting("annotate", "user", "--name", "x", "--comment", "x")
    assert said.code in (2, 3)
    uid = greeting.python("print(ln.User.get(1).uid)")
    said = greeting("annotate", "user", "--uid", uid, "--comment", "x")
    assert said == Outcome(2, "", "lamin: user rows have no readmes and comments; see 'lamin annotate --help'\n")


def test_a_locked_row_is_not_written_about(greeting: Shell) -> None:
    greeting.python("a = ln.Artifact.get(key='k/f.txt'); a.is_locked = True; a.save()")
    said = greeting("annotate", "--key", "k/f.txt", "--comment", "x")
    assert said.code != 0
    assert "is locked, so its readme and comments stay as they are" in said.err
