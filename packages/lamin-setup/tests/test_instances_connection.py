"""Finding, connecting and disconnecting."""

import os
import stat
import threading
import time
from pathlib import Path

import pytest

import lamindb_setup
import lamindb_setup.testing
from lamindb_setup import errors
from lamindb_setup.instances import descriptor, known


def init(folder: Path, **keywords) -> lamindb_setup.Instance:
    folder.mkdir(parents=True, exist_ok=True)
    return lamindb_setup.init(modules="tiny", folder=folder, **keywords).instance


@pytest.fixture
def two(tiny, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, lamindb_setup.Instance]:
    """Projects `a` and `b`; the process has just started, in a folder that belongs to neither."""
    made = {name: init(tmp_path / name) for name in ("a", "b")}
    lamindb_setup.testing.forget_everything()
    return made


# ---- identifiers ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "identifier",
    [
        "a",
        "testuser/a",
        "../a",
        "{tmp}/a",
        "{tmp}/a/",
        "{tmp}/a/lamin.toml",
        "{tmp}/a/storage",
        "{tmp}/a/storage/.lamindb/lamin.db",
        "sqlite:///../a/storage/.lamindb/lamin.db",
        "sqlite:///{tmp}/a/storage/.lamindb/lamin.db",
    ],
)
def test_an_instance_is_found_by(two, tmp_path: Path, identifier: str) -> None:
    database = lamindb_setup.open_database(identifier.replace("{tmp}", str(tmp_path)))
    assert database.instance.uid == two["a"].uid
    assert database.slug == "testuser/a"
    assert database.instance.storage == two["a"].storage


def test_a_path_object_is_a_path(two, tmp_path: Path) -> None:
    assert lamindb_setup.open_database(tmp_path / "b").instance.uid == two["b"].uid


def test_a_server_is_found_by_url_name_project_and_storage(tiny, project: Path, postgres_server) -> None:
    with postgres_server.clone() as url:
        uid = init(project, db=url, name="shared").uid
        for identifier in (url, "shared", "testuser/shared", str(project), str(project / "storage")):
            lamindb_setup.testing.forget_everything()
            database = lamindb_setup.open_database(identifier)
            assert database.instance.uid == uid
            assert database.instance.storage.root == str(project / "storage")
        lamindb_setup.testing.forget_everything()


@pytest.mark.parametrize(
    ("identifier", "sentence"),
    [
        ("nobody/x", "no instance 'nobody/x' is known on this machine; connect to it by path or URL once"),
        ("aa", "no instance 'aa' is known on this machine; did you mean 'a'"),
        ("testuser/aa", "did you mean 'testuser/a'"),
        ("./nowhere", "nowhere' does not exist"),
        ("", "no instance '' is known"),
        ("/", "is neither a project, a storage root nor a database file"),
    ],
)
def test_an_unknown_instance_is_one_sentence(two, identifier: str, sentence: str) -> None:
    with pytest.raises(errors.InstanceNotFoundError, match=sentence) as caught:
        lamindb_setup.open_database(identifier)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 3
    assert isinstance(caught.value, LookupError)


def test_other_urls_are_refused(two) -> None:
    with pytest.raises(errors.InvalidArgument, match="'https' does not begin a database URL"):
        lamindb_setup.connect("https://lamin.ai/owner/name")


def test_two_of_one_name(two, tmp_path: Path) -> None:
    other = init(tmp_path / "elsewhere/a")
    with pytest.raises(errors.InvalidArgument, match=r"several instances are called 'a': sqlite.* and sqlite.*; write the path"):
        lamindb_setup.open_database("a")
    assert lamindb_setup.open_database(tmp_path / "elsewhere/a").instance == other


def test_a_known_instance_that_moved(two, tmp_path: Path) -> None:
    (tmp_path / "a").rename(tmp_path / "moved")
    with pytest.raises(
        errors.InstanceNotFoundError, match=r"instance 'a' was at sqlite:.*, where it is no more; connect to the path"
    ):
        lamindb_setup.open_database("a")
    assert lamindb_setup.open_database(tmp_path / "moved").instance.uid == two["a"].uid
    assert lamindb_setup.open_database("a").instance.uid == two["a"].uid


def test_losing_the_settings_directory_loses_only_names(two, tmp_path: Path) -> None:
    """SC-4."""
    for file in (tmp_path / "home/.lamin").iterdir():
        file.unlink()
    with pytest.raises(errors.InstanceNotFoundError):
        lamindb_setup.open_database("a")
    assert lamindb_setup.open_database("../a").instance.uid == two["a"].uid
    assert lamindb_setup.open_database("a").instance.uid == two["a"].uid, "known again"


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        '{"instances": [{"uid": 1}]}',
        '{"instances": [{"uid":"u","owner":"o","name":"n","database":"x","storage":"s"}]}',
    ],
)
def test_a_damaged_cache_is_as_good_as_none(two, tmp_path: Path, content: str) -> None:
    (tmp_path / "home/.lamin/instances.json").write_text(content)
    assert lamindb_setup.open_database("../a").instance.uid == two["a"].uid


def test_the_cache_is_private_and_may_be_unwritable(two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stat.S_IMODE((tmp_path / "home/.lamin/instances.json").stat().st_mode) == 0o600
    monkeypatch.setenv("LAMIN_SETTINGS_DIR", "/proc/nowhere")
    assert lamindb_setup.open_database("../b").instance.uid == two["b"].uid


def test_the_handle_is_shared(two, tmp_path: Path) -> None:
    one = lamindb_setup.open_database("a")
    assert lamindb_setup.open_database(tmp_path / "a/storage") is one
    read_only = lamindb_setup.open_database("a", read_only=True)
    assert read_only is not one
    assert read_only.read_only
    assert not one.read_only


def test_the_descriptor_of_another_database_is_noticed(two, tmp_path: Path) -> None:
    path = tmp_path / "a/lamin.toml"
    path.write_text(path.read_text().replace(two["a"].uid, two["b"].uid))
    with pytest.raises(errors.InstanceConflict, match=r"but the database .* belongs to instance"):
        lamindb_setup.open_database(tmp_path / "a")


# ---- the default ------------------------------------------------------------------------------------------------------------
def test_without_an_instance(tiny, project: Path) -> None:
    with pytest.raises(errors.CurrentInstanceNotConfigured, match="no instance is connected: run `lamin init`") as caught:
        lamindb_setup.current()
    assert caught.value.exit_code == 3
    assert list(project.iterdir()) == []
    with pytest.raises(errors.CurrentInstanceNotConfigured):
        lamindb_setup.connect()


def test_the_default_is_found_in_this_order(two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lamindb_setup.connect("b", remember=True)
    lamindb_setup.testing.forget_everything()
    assert lamindb_setup.current().instance.uid == two["b"].uid, "the user's default"
    lamindb_setup.testing.forget_everything()
    (tmp_path / "a/scripts").mkdir()
    monkeypatch.chdir(tmp_path / "a/scripts")
    assert lamindb_setup.current().instance.uid == two["a"].uid, "the project, from below"
    lamindb_setup.testing.forget_everything()
    monkeypatch.setenv("LAMIN_CURRENT_INSTANCE", "b")
    assert lamindb_setup.current().instance.uid == two["b"].uid, "the variable"
    lamindb_setup.testing.forget_everything()
    monkeypatch.setenv("LAMIN_CURRENT_INSTANCE", "c")
    with pytest.raises(errors.InstanceNotFoundError, match="LAMIN_CURRENT_INSTANCE: no instance 'c' is known"):
        lamindb_setup.current()


def test_connect_is_for_this_process(two, tiny, project: Path) -> None:
    lamindb_setup.connect("a")
    assert lamindb_setup.current().slug == "testuser/a"
    lamindb_setup.connect("b", read_only=True)
    assert lamindb_setup.current().slug == "testuser/b"
    assert lamindb_setup.current().read_only
    result = tiny.python("import lamindb_setup; print(lamindb_setup.info().instance)", cwd=project)
    assert result.stdout == "None\n"


def test_connect_here_makes_a_project(two, project: Path) -> None:
    lamindb_setup.connect("a", here=True)
    found = descriptor.read(project / "lamin.toml")
    assert (found.uid, found.storage) == (two["a"].uid, two["a"].storage.root)
    lamindb_setup.testing.forget_everything()
    assert lamindb_setup.current().instance.folder == project


def test_the_home_folder_becomes_no_project(two, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(project))
    with pytest.raises(errors.HomeIsNoProject, match="cannot be a project"):
        lamindb_setup.connect("a", here=True)
    assert not (project / "lamin.toml").exists()


@pytest.mark.parametrize("keywords", [{"remember": True}, {"here": True}])
def test_inside_a_project_another_default_would_have_no_effect(
    two, tmp_path: Path, monkeypatch, keywords: dict[str, bool]
) -> None:
    monkeypatch.chdir(tmp_path / "a")
    with pytest.raises(errors.ConnectWithinDevDirError, match="is the project of testuser/a, which is used here whatever"):
        lamindb_setup.connect("b", **keywords)
    assert known.default() is None
    lamindb_setup.connect("b")
    assert lamindb_setup.current().slug == "testuser/b"


def test_current_is_found_once_by_many_threads(two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path / "a")
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(lamindb_setup.current())) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 16
    assert len(set(map(id, found))) == 1


# ---- disconnecting ----------------------------------------------------------------------------------------------------------
def test_disconnect_removes_what_it_names(two, project: Path) -> None:
    lamindb_setup.connect("a", remember=True)
    assert str(lamindb_setup.disconnect()) == "disconnected testuser/a from the user's default"
    assert known.default() is None
    with pytest.raises(errors.CurrentInstanceNotConfigured, match="this process has disconnected"):
        lamindb_setup.current()
    with pytest.raises(errors.CurrentInstanceNotConfigured, match="nothing to disconnect from"):
        lamindb_setup.disconnect()
    lamindb_setup.connect("b")
    assert str(lamindb_setup.disconnect()) == "disconnected testuser/b from this process"


def test_disconnect_in_one_process_leaves_the_default_of_another_instance(two) -> None:
    lamindb_setup.connect("a", remember=True)
    lamindb_setup.connect("b")
    lamindb_setup.disconnect()
    assert known.default().name == "a"


def test_disconnect_inside_a_project_is_refused(two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SC-10: neither the project nor the default of another instance goes away by accident."""
    lamindb_setup.connect("b", remember=True)
    lamindb_setup.testing.forget_everything()
    monkeypatch.chdir(tmp_path / "a")
    with pytest.raises(
        errors.ConnectWithinDevDirError, match="is the project of testuser/a; to end that, run `lamin disconnect --here`"
    ):
        lamindb_setup.disconnect()
    assert known.default().name == "b"
    assert (tmp_path / "a/lamin.toml").is_file()
    assert (
        str(lamindb_setup.disconnect(here=True))
        == f"disconnected testuser/a from {tmp_path / 'a'}; lamin.toml was deleted, nothing else"
    )
    assert not (tmp_path / "a/lamin.toml").exists()
    assert (tmp_path / "a/storage/.lamindb/lamin.db").is_file()
    assert known.default().name == "b"
    with pytest.raises(errors.CurrentInstanceNotConfigured, match=r"no lamin.toml lies in"):
        lamindb_setup.disconnect(here=True)


# ---- settings and information -----------------------------------------------------------------------------------------------
def test_info_without_an_instance(project: Path) -> None:
    found = lamindb_setup.info()
    assert (found.instance, found.modules, found.user) == (None, (), "testuser")
    assert "instance      -" in str(found)


def test_info_is_told_from_files(two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path / "a")
    (tmp_path / "a/storage/.lamindb/lamin.db").unlink()
    found = lamindb_setup.info()
    assert found.to_dict() == {
        "instance": "testuser/a",
        "uid": two["a"].uid,
        "branch": "main",
        "space": "all",
        "folder": str(tmp_path / "a"),
        "storage": str(tmp_path / "a/storage"),
        "database": f"sqlite:///{tmp_path}/a/storage/.lamindb/lamin.db",
        "modules": ("tiny",),
        "user": "testuser",
        "user_uid": lamindb_setup.identity.current_profile().uid,
        "settings_dir": str(tmp_path / "home/.lamin"),
        "cache_dir": os.environ["LAMIN_CACHE_DIR"],
    }


def test_info_of_a_bare_path_asks_the_database(two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAMIN_CURRENT_INSTANCE", str(tmp_path / "b/storage"))
    assert lamindb_setup.info().instance == "testuser/b"


def test_settings_of_a_project(two, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path / "a")
    settings = lamindb_setup.settings
    assert repr(settings) == "<settings, no instance connected>"
    assert settings.instance == lamindb_setup.current().instance
    assert (settings.branch, settings.space, settings.modules) == ("main", "all", ("tiny",))
    assert settings.storage == two["a"].storage
    assert settings.dev_dir == tmp_path / "a"
    assert settings.user == lamindb_setup.identity.current_profile()
    assert repr(settings) == "<settings of testuser/a>"
    settings.branch = "next"
    settings.space = "mine"
    assert lamindb_setup.current().instance.branch == "next"
    lamindb_setup.testing.forget_everything()
    assert (settings.branch, settings.space) == ("next", "mine")
    assert 'branch = "next"' in (tmp_path / "a/lamin.toml").read_text()


def test_settings_outside_of_projects_belong_to_the_instance(two, tmp_path: Path) -> None:
    (tmp_path / "a/lamin.toml").unlink()
    lamindb_setup.connect(tmp_path / "a/storage")
    lamindb_setup.settings.branch = "next"
    lamindb_setup.testing.forget_everything()
    lamindb_setup.connect("a")
    assert lamindb_setup.settings.branch == "next"


def test_the_cache_directory(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = lamindb_setup.settings
    assert str(settings.cache_dir) == os.environ["LAMIN_CACHE_DIR"]
    monkeypatch.setenv("LAMIN_CACHE_DIR", "relative")
    with pytest.raises(errors.InvalidArgument, match=r"the cache directory 'relative' \(LAMIN_CACHE_DIR\) is relative"):
        _ = settings.cache_dir
    monkeypatch.delenv("LAMIN_CACHE_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    system = settings.cache_dir
    assert str(system).startswith(str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    assert settings.cache_dir == Path("/elsewhere/lamindb")
    settings.cache_dir = tmp_path / "cache"
    assert settings.cache_dir == tmp_path / "cache"
    with pytest.raises(errors.InvalidArgument):
        settings.cache_dir = "relative"
    settings.cache_dir = None
    assert settings.cache_dir == Path("/elsewhere/lamindb")


def test_known_instances_are_listed(two) -> None:
    lamindb_setup.connect("b", remember=True)
    listed = lamindb_setup.known_instances()
    assert [(entry.slug, is_default, entry.is_gone) for entry, is_default in listed] == [
        ("testuser/a", False, False),
        ("testuser/b", True, False),
    ]
    known.forget(listed[1][0].database)
    assert [entry.name for entry, _ in lamindb_setup.known_instances()] == ["a"]
    assert known.default() is None


def test_connecting_again_writes_nothing(two, tmp_path: Path) -> None:
    cache = tmp_path / "home/.lamin/instances.json"
    before = cache.stat().st_mtime_ns
    time.sleep(0.01)
    lamindb_setup.connect("a")
    assert cache.stat().st_mtime_ns == before
