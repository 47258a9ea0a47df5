"""The tasks that hatch.toml names."""

import runpy
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TASKS = ROOT / "tools" / "tasks"


def task(name: str, *arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(TASKS / f"{name}.py"), *arguments], cwd=folder, capture_output=True, text=True)


def test_every_script_runs_something_that_is_there() -> None:
    scripts = tomllib.loads((ROOT / "hatch.toml").read_text(encoding="utf-8"))["envs"]["default"]["scripts"]
    assert {"main", "test", "check", "codegen", "bench", "docs"} <= set(scripts)
    commands = [line for script in scripts.values() for line in ([script] if isinstance(script, str) else script)]
    files = [command.split()[1] for command in commands if command.startswith("python ") and not command.startswith("python -m")]
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_members_of_the_workspace_are_all_there_are() -> None:
    members = tomllib.loads((ROOT / "hatch.toml").read_text(encoding="utf-8"))["envs"]["default"]["workspace"]["members"]
    found = {path.relative_to(ROOT) for pattern in members for path in ROOT.glob(pattern)}
    assert found == {path.parent.relative_to(ROOT) for path in ROOT.glob("*/*/pyproject.toml")}


def test_the_example_data_is_there_and_nothing_is_asked_of_the_network(pbmc68k: Path) -> None:
    done = task("data")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert pbmc68k.stat().st_size > 1_000_000


def test_an_unknown_check_is_refused() -> None:
    done = task("check", "spelling")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "no check named spelling; there are lint, format, types, generated, house\n"


def test_checks_run_on_after_one_failed_and_say_so(tmp_path: Path) -> None:
    copied = tmp_path / "tools" / "tasks" / "check.py"
    copied.parent.mkdir(parents=True)
    copied.write_text((TASKS / "check.py").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 130\n", encoding="utf-8")
    (tmp_path / "a.py").write_text("import os\n", encoding="utf-8")
    done = subprocess.run([sys.executable, str(copied), "lint", "format"], capture_output=True, text=True)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "failed: lint")
    assert "== format: ruff format --check ." in done.stdout


def test_tests_see_no_network_but_their_own_machine() -> None:
    without_network = runpy.run_path(str(TASKS / "offline.py"))["without_network"]
    program = "import socket; print([name for _, name in socket.if_nameindex()]); socket.create_server(('127.0.0.1', 0))"
    command = without_network([sys.executable, "-c", program])
    if len(command) == 3:
        pytest.skip("this machine makes no network namespaces")
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "['lo']\n"), done.stderr


def test_the_reference_of_the_command_line_is_current() -> None:
    done = task("docs", "--check")
    assert done.returncode == 0, f"run ./hatchw run docs\n{done.stdout}{done.stderr}"
