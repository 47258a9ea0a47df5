"""`lamin.toml`: written, read, moved, changed."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from lamindb_setup.databases.url import parse
from lamindb_setup.errors import DescriptorInvalid, InstanceConflict
from lamindb_setup.instances import descriptor
from lamindb_setup.instances.descriptor import Descriptor


@pytest.fixture
def mine(tmp_path: Path) -> Descriptor:
    return Descriptor(
        folder=tmp_path,
        uid="instance0001",
        owner="alice",
        name="mine",
        storage=str(tmp_path / "storage"),
        url=parse("sqlite:///storage/.lamindb/lamin.db").resolved(tmp_path),
        modules=("lamindb", "bionty"),
    )


def test_written_and_read(mine: Descriptor) -> None:
    assert descriptor.write(mine)
    assert not descriptor.write(mine)
    assert descriptor.read(mine.folder / "lamin.toml") == mine
    assert (mine.folder / "lamin.toml").read_text().splitlines() == [
        "# The lamin instance of this folder. Paths inside the folder are relative to it; passwords never stand here.",
        "",
        "[instance]",
        'uid = "instance0001"',
        'owner = "alice"',
        'name = "mine"',
        'storage = "storage"',
        'database = "sqlite:///storage/.lamindb/lamin.db"',
        'modules = ["lamindb", "bionty"]',
        'branch = "main"',
        'space = "all"',
    ]


def test_a_moved_file_means_the_new_place(mine: Descriptor, tmp_path: Path) -> None:
    descriptor.write(mine)
    (tmp_path / "new").mkdir()
    (tmp_path / "lamin.toml").rename(tmp_path / "new/lamin.toml")
    moved = descriptor.read(tmp_path / "new/lamin.toml")
    assert moved.storage == str(tmp_path / "new/storage")
    assert moved.url.path == tmp_path / "new/storage/.lamindb/lamin.db"


def test_what_lies_elsewhere_stays_there(mine: Descriptor, tmp_path: Path) -> None:
    elsewhere = replace(mine, storage="/data/all", url=parse("postgresql://alice:secret@host/db?sslmode=require"))
    descriptor.write(elsewhere)
    text = (tmp_path / "lamin.toml").read_text()
    assert 'storage = "/data/all"' in text
    assert 'database = "postgresql://alice@host/db?sslmode=require"' in text
    assert "secret" not in text
    assert descriptor.read(tmp_path / "lamin.toml") == elsewhere


@pytest.mark.parametrize("name", ['"quoted"', "back\\slash", "tab\tand\x7f", "Ελληνικά 🧬", "it's", "# no comment"])
def test_names_survive(mine: Descriptor, tmp_path: Path, name: str) -> None:
    descriptor.write(replace(mine, name=name, storage=str(tmp_path / name)))
    found = descriptor.read(tmp_path / "lamin.toml")
    assert (found.name, found.storage) == (name, str(tmp_path / name))


def test_the_nearest_file_upwards_counts(mine: Descriptor, tmp_path: Path) -> None:
    deep = tmp_path / "a/b/c"
    deep.mkdir(parents=True)
    assert descriptor.nearest(deep) is None
    descriptor.write(mine)
    assert descriptor.nearest(deep) == mine
    inner = replace(mine, folder=tmp_path / "a/b", uid="instance0002", storage="/elsewhere")
    descriptor.write(inner)
    found = descriptor.nearest(deep)
    assert found is not None
    assert found.uid == "instance0002"


def test_another_instance_is_not_overwritten(mine: Descriptor) -> None:
    descriptor.write(mine)
    with pytest.raises(InstanceConflict, match=r"is the project of alice/mine; use another folder, or delete lamin.toml"):
        descriptor.write(replace(mine, uid="instance0002"))
    assert descriptor.read(mine.folder / "lamin.toml") == mine


def test_a_change_keeps_comments_and_order(mine: Descriptor, tmp_path: Path) -> None:
    path = tmp_path / "lamin.toml"
    descriptor.write(mine)
    path.write_text(path.read_text().replace('branch = "main"', 'branch = "main"  # where I work') + '\n[mine]\nkey = 1 # "x"\n')
    descriptor.change(tmp_path, branch="next", modules=["lamindb"])
    text = path.read_text()
    assert 'branch = "next"  # where I work' in text
    assert text.endswith('\n[mine]\nkey = 1 # "x"\n')
    assert tomllib.loads(text)["instance"]["modules"] == ["lamindb"]
    assert descriptor.read(path).branch == "next"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", r"has no section \[instance\]"),
        ("x = ", "cannot be read: "),
        ("instance = 3", r"has no section \[instance\]"),
        ('[instance]\nuid = "u"', "owner in section"),
        ('[instance]\nuid = 3\nowner="a"', "uid in section .* must be a text, but is 3"),
        ("{FULL}\nmodules = 'lamindb'", "must be a list of names"),
        ("{FULL}\nbranch = ''", "branch in section .* must be a text, but is ''"),
        ("{BAD_URL}", "database in .*: 'oracle' does not begin a database URL"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, text: str, sentence: str) -> None:
    full = '[instance]\nuid="u"\nowner="o"\nname="n"\nstorage="s"\ndatabase="sqlite:///a.db"'
    path = tmp_path / "lamin.toml"
    path.write_text(text.replace("{FULL}", full).replace("{BAD_URL}", full.replace("sqlite", "oracle")))
    with pytest.raises(DescriptorInvalid, match=sentence) as caught:
        descriptor.read(path)
    assert str(path) in str(caught.value)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "lamin.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(DescriptorInvalid, match="cannot be read"):
        descriptor.nearest(tmp_path)
