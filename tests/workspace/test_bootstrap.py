"""hatchw and .ci/run, with small stand-ins for the programs of the system that they call."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "bash", "awk", "cat", "chmod", "dirname", "env", "find", "head", "mkdir", "rm")

HATCH = """#!/bin/sh
[ "$1" = --version ] && echo "Hatch, version {version}" || echo "{name} in $PWD: $*"
"""
# Knows what hatchw asks of a Python: to say what it has, to make an environment, to install uv.
PYTHON = """#!/bin/sh
case "$*" in
    *ensurepip*) exit {no_ensurepip} ;;
    "-c "*) exit 0 ;;
    "-m venv "*)
        for folder; do :; done
        mkdir -p "$folder/bin" && cat "$0" > "$folder/bin/python" && chmod +x "$folder/bin/python"
        echo "$*" >> "$folder/../log" ;;
    "-m pip --version") exit {no_pip} ;;
    *"install uv")
        echo "$*" >> log
        printf '#!/bin/sh\\ncp made-hatch .hatch/bin/hatch\\n' > .hatch/bin/uv && chmod +x .hatch/bin/uv ;;
esac
"""


def program(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A clone beside a folder `bin` that is the whole PATH: neither Python nor hatch nor uv."""
    for name in (*TOOLS, "cp"):
        where = shutil.which(name)
        assert where, name
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).symlink_to(where)
    clone = tmp_path / "a clone"
    program(clone / "hatchw", (ROOT / "hatchw").read_text(encoding="utf-8"))
    program(clone / "made-hatch", HATCH.format(name="made", version="1.18.2"))
    return clone


def hatchw(clone: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it from another folder."""
    own = {"PATH": str(clone.parent / "bin"), "HOME": str(clone.parent), **environment}
    return subprocess.run([str(clone / "hatchw"), "run", "x"], cwd=clone.parent, env=own, capture_output=True, text=True)


def test_a_recent_hatch_of_the_machine_is_used(bare: Path) -> None:
    program(bare.parent / "bin" / "hatch", HATCH.format(name="own", version="1.20.0"))
    done = hatchw(bare)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"own in {bare}: run x\n", "")


@pytest.mark.parametrize("version", ["1.9.9", "0.99.1", "unknown"])
def test_without_python_it_says_what_is_missing(bare: Path, version: str) -> None:
    program(bare.parent / "bin" / "hatch", HATCH.format(name="old", version=version))
    done = hatchw(bare)
    sentence = "hatchw: no Python 3.11 or newer found; install one, or name it: PYTHON=/path/to/python3 ./hatchw\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)


@pytest.mark.parametrize(
    ("no_ensurepip", "no_pip", "uv", "log"),
    [
        (0, 1, False, "-m venv {hatch}\n-m pip -q --disable-pip-version-check install uv\n"),
        (
            1,
            0,
            False,
            "-m venv --without-pip {hatch}\n-m pip -q --disable-pip-version-check --python {hatch}/bin/python install uv\n",
        ),
        (1, 1, True, "-m venv --without-pip {hatch}\n"),
    ],
    ids=["as usual", "no ensurepip, but pip", "no ensurepip, but uv"],
)
def test_it_makes_hatch_once(bare: Path, no_ensurepip: int, no_pip: int, uv: bool, log: str) -> None:
    program(bare.parent / "bin" / "python3", PYTHON.format(no_ensurepip=no_ensurepip, no_pip=no_pip))
    if uv:
        made = "printf '#!/bin/sh\\ncp made-hatch .hatch/bin/hatch\\n' > .hatch/bin/uv && chmod +x .hatch/bin/uv"
        program(bare.parent / "bin" / "uv", f"#!/bin/sh\n{made}\n")
    first, second = hatchw(bare), hatchw(bare)
    assert (first.returncode, first.stdout) == (0, f"made in {bare}: run x\n"), first.stderr
    assert first.stderr == "hatchw: installing hatch into .hatch (once)\n"
    assert (second.returncode, second.stdout, second.stderr) == (0, first.stdout, "")
    assert (bare / "log").read_text(encoding="utf-8") == log.format(hatch=bare / ".hatch")


def test_an_interrupted_bootstrap_starts_again(bare: Path) -> None:
    program(bare.parent / "bin" / "python3", PYTHON.format(no_ensurepip=0, no_pip=0))
    program(bare / ".hatch" / "bin" / "hatch", HATCH.format(name="half made", version="1.18.2"))
    done = hatchw(bare)
    assert (done.returncode, done.stdout) == (0, f"made in {bare}: run x\n"), done.stderr


def test_a_failed_installation_says_so(bare: Path) -> None:
    program(
        bare.parent / "bin" / "python3",
        PYTHON.format(no_ensurepip=0, no_pip=0).replace('*"install uv")', '*"install uv") exit 1'),
    )
    done = hatchw(bare)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.endswith(
        "hatchw: cannot install packages with python3 (Debian: apt install python3-venv), or there is no network\n"
    )
    assert not (bare / ".hatch" / "ready").exists()


@pytest.mark.parametrize(
    ("failing", "code", "last"),
    [
        ("none", 0, "ran check"),
        ("test", 1, "failed: ./hatchw run test"),
        ("check", 1, "failed: ./hatchw run check"),
        ("*", 1, "failed: ./hatchw run check"),
    ],
)
def test_ci_runs_both_and_ends_with_what_failed(tmp_path: Path, failing: str, code: int, last: str) -> None:
    program(tmp_path / ".ci" / "run", (ROOT / ".ci" / "run").read_text(encoding="utf-8"))
    program(tmp_path / "hatchw", f'#!/bin/sh\necho "ran $2"\ncase "$2" in {failing}) exit 7;; esac\n')
    done = subprocess.run(["bash", ".ci/run"], cwd=tmp_path, capture_output=True, text=True, env=os.environ)
    lines = done.stdout.splitlines()
    assert (done.returncode, lines[:2], lines[-1]) == (code, ["ran test", "ran check"], last)
