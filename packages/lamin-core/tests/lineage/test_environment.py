"""The environment record: what is installed, without asking pip."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lamindb.lineage import environment

SKIPPED_BY_PIP = {"pip", "setuptools", "wheel", "distribute"}


def requirements(text: str) -> dict[str, str]:
    """Versions by name, of a list as pip writes it, or as we do; what is edited in place has its path."""
    found: dict[str, str] = {}
    editable = ""
    for line in text.splitlines():
        if named := re.match(r"# Editable .*\((.+)==.+\)", line):
            editable = named[1]
        elif line.startswith("-e ") and (ours := re.match(r"-e (.+?)  # (.+)==", line)):
            found[environment.normalized(ours[2])] = ours[1]
        elif line.startswith("-e "):
            name = re.search(r"#egg=([\w.-]+)", line)
            found[environment.normalized(name[1] if name else editable)] = "edited"
        elif requirement := re.match(r"([\w.-]+)(?:==| @ )(.+)", line):
            found[environment.normalized(requirement[1])] = requirement[2]
    return found


def test_it_is_what_pip_freeze_says() -> None:
    frozen = subprocess.run([sys.executable, "-m", "pip", "freeze"], capture_output=True, text=True)
    if frozen.returncode:
        pytest.skip("no pip in this environment")
    theirs, ours = requirements(frozen.stdout), requirements(environment.current())
    assert len(theirs) > 20
    assert set(ours) - SKIPPED_BY_PIP == set(theirs) - SKIPPED_BY_PIP
    for name, version in theirs.items():
        assert version == "edited" or ours[name] == version, name


def test_python_and_platform_come_first() -> None:
    first, second = environment.current().splitlines()[:2]
    assert first.startswith(f"# Python {sys.version_info.major}.{sys.version_info.minor}.")
    assert second.startswith("# ")


def install(folder: Path, name: str, direct_url: str | None = None) -> None:
    (folder / name).mkdir(parents=True)
    if direct_url is not None:
        (folder / name / "direct_url.json").write_text(direct_url)


def test_what_was_installed_from_elsewhere_says_from_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "Some_Thing-1.0+cpu.dist-info")
    install(tmp_path, "edited-2.0.dist-info", '{"url": "file:///home/me/my%20code", "dir_info": {"editable": true}}')
    install(tmp_path, "remote-3.0.dist-info", '{"url": "https://me:secret@example.org/remote-3.0.tar.gz", "archive_info": {}}')
    commit = '{"url": "https://example.org/r.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}'
    install(tmp_path, "versioned-4.0.dist-info", commit)
    install(tmp_path, "damaged-5.0.dist-info", "{")
    install(tmp_path, "old_style-6.0-py3.11.egg-info")
    monkeypatch.setattr(sys, "path", [str(tmp_path), "/does/not/exist"])
    assert environment.current().splitlines()[2:] == [
        "damaged==5.0",
        "-e /home/me/my code  # edited==2.0",
        "old-style==6.0",
        "remote @ https://me:***REDACTED***@example.org/remote-3.0.tar.gz",
        "some-thing==1.0+cpu",
        "versioned @ git+https://example.org/r.git@abc",
    ]


def test_it_is_read_again_when_something_was_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "one-1.0.dist-info")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    before = environment.current()
    assert environment.current() is before
    install(tmp_path, "two-1.0.dist-info")
    assert environment.current().splitlines()[2:] == ["one==1.0", "two==1.0"]


def test_the_first_one_on_the_path_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "a", "one-1.0.dist-info")
    install(tmp_path / "b", "one-2.0.dist-info")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "a"), str(tmp_path / "b")])
    assert environment.current().splitlines()[2:] == ["one==1.0"]
