"""Local profiles: made once, kept privately, switched without any network."""

import json
import os
import pwd
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lamindb_setup.errors import IdentityError, InvalidArgument, ProfileNotFound, SettingsNotWritable
from lamindb_setup.identity import Profile, current_profile, login, logout, profiles, rename
from lamindb_setup.identity.profile import login_name


@pytest.fixture(autouse=True)
def new_user(project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has used this machine before."""
    for name in ("HANDLE", "NAME", "EMAIL", "UID"):
        monkeypatch.delenv(f"LAMIN_USER_{name}", raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home/.lamin/profiles.json"


def test_a_profile_is_made_once(file: Path) -> None:
    first = current_profile()
    assert first == current_profile() == Profile(first.uid, pwd.getpwuid(os.getuid()).pw_name)
    assert len(first.uid) == 8
    assert first.uid.isalnum()
    assert json.loads(file.read_text())["current"] == first.uid


def test_files_are_private(file: Path) -> None:
    current_profile()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_processes_at_once_agree_on_one_uid(file: Path) -> None:
    code = "from lamindb_setup.identity import current_profile; print(current_profile().uid)"
    processes = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(8)]
    assert len({process.communicate()[0] for process in processes}) == 1


def test_login_switches_and_keeps(file: Path) -> None:
    me = current_profile()
    alice = login("alice", name="Alice A.", email="alice@example.org")
    assert current_profile() == alice == Profile(alice.uid, "alice", "Alice A.", "alice@example.org")
    bob = login("bob")
    assert len({me.uid, alice.uid, bob.uid}) == 3
    assert login("alice") == alice
    assert profiles()[0].handle == "alice"
    assert login(name="Alice B.").name == "Alice B."
    assert current_profile().uid == alice.uid
    assert logout() is True
    assert current_profile() == me
    assert logout() is False


def test_a_handle_may_change_its_uid_does_not() -> None:
    alice = login("alice")
    assert rename("alice", "alicia") == Profile(alice.uid, "alicia")
    assert current_profile().uid == alice.uid
    with pytest.raises(ProfileNotFound, match="no local profile has the handle 'alicya'; did you mean 'alicia'"):
        rename("alicya", "x")


@pytest.mark.parametrize("handle", ["", " ", "a b", "a/b", "x" * 31, "a\n", "a@b"])
def test_what_cannot_be_a_handle(handle: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidArgument, match="cannot be a handle"):
        login(handle)
    if handle:
        monkeypatch.setenv("LAMIN_USER_HANDLE", handle)
        with pytest.raises(InvalidArgument, match="cannot be a handle"):
            current_profile()


def test_greek_handles_are_fine() -> None:
    assert login("Σωκράτης").handle == "Σωκράτης"
    assert current_profile().handle == "Σωκράτης"


def test_the_environment_chooses_and_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    me = current_profile()
    monkeypatch.setenv("LAMIN_USER_HANDLE", "ci")
    robot = current_profile()
    assert robot == current_profile()
    assert robot.handle == "ci"
    assert robot.uid != me.uid
    monkeypatch.setenv("LAMIN_USER_NAME", "Robot")
    monkeypatch.setenv("LAMIN_USER_EMAIL", "robot@example.org")
    assert current_profile() == Profile(robot.uid, "ci", "Robot", "robot@example.org")
    monkeypatch.setenv("LAMIN_USER_UID", "robot000")
    assert current_profile().uid == "robot000"
    monkeypatch.setenv("LAMIN_USER_UID", "too long for one")
    with pytest.raises(InvalidArgument, match="which is no uid: it has 8 letters and digits"):
        current_profile()
    for name in ("HANDLE", "NAME", "EMAIL", "UID"):
        monkeypatch.delenv(f"LAMIN_USER_{name}")
    assert current_profile() == me


def test_a_machine_without_a_home_uses_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "not a folder").touch()
    monkeypatch.setenv("LAMIN_SETTINGS_DIR", str(tmp_path / "not a folder"))
    monkeypatch.setenv("LAMIN_USER_UID", "robot000")
    monkeypatch.setenv("LAMIN_USER_HANDLE", "robot")
    with pytest.raises(IdentityError):
        current_profile()
    monkeypatch.setenv("LAMIN_SETTINGS_DIR", "/proc/nowhere")
    assert current_profile() == Profile("robot000", "robot")
    monkeypatch.delenv("LAMIN_USER_UID")
    with pytest.raises(SettingsNotWritable, match="set LAMIN_SETTINGS_DIR to one that can") as caught:
        current_profile()
    assert isinstance(caught.value, PermissionError)


def test_a_damaged_file_is_not_replaced(file: Path) -> None:
    current_profile()
    for content in ("{", "[]", '{"profiles": {"x": {"handel": "a"}}}'):
        file.write_text(content)
        with pytest.raises(IdentityError, match="repair it, or delete it to get a new uid"):
            current_profile()
        with pytest.raises(IdentityError):
            login("alice")
        assert file.read_text() == content


def test_an_account_without_a_name() -> None:
    if os.geteuid() != 0:
        pytest.skip("changing the user needs root")
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.setuid(54321)
            code = 0 if login_name() == "uid54321" else 2
        finally:  # whatever happens, the child must not go on with the tests of its parent
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_no_socket_is_opened(site, project) -> None:
    code = """
    import socket
    def refuse(*arguments, **keywords): raise AssertionError("network")
    socket.socket = socket.create_connection = socket.getaddrinfo = refuse
    from lamindb_setup.identity import current_profile, login, logout
    current_profile(), login("alice"), logout()
    print("fine")
    """
    assert site.python(code).stdout == "fine\n"
