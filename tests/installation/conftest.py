"""Wheels of all packages, and an environment outside of the repository that has nothing but them and what they require."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from .requirements import closure, link, of_wheel

ROOT = Path(__file__).resolve().parents[2]
OURS = ("bionty", "lamin-cli", "lamin-codegen", "lamin-core", "lamin-setup", "wetlab")
INSTALLED = ("lamin-setup", "lamin-core", "lamin-cli")
WANTED_BY_THE_QUICK_START = "anndata"


def run(*command: str | Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command without what points to the environment that the tests run in."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONHOME")}
    return subprocess.run([*map(str, command)], cwd=folder, env={**kept, **environment}, capture_output=True, text=True)


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an sdist and a wheel of every package; each wheel is built from its sdist."""
    folder = tmp_path_factory.mktemp("dist")
    uv = Path(sys.executable).with_name("uv")
    for project in sorted([*ROOT.glob("packages/*/pyproject.toml"), *ROOT.glob("tools/*/pyproject.toml")]):
        command = (uv, "build", "--quiet", "--offline", "--no-build-isolation", "--python", sys.executable, "--out-dir", folder)
        done = run(*command, project.parent, folder=folder)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def wheels(dist: Path) -> dict[str, Path]:
    """The wheels by name of the distribution."""
    return {path.name.split("-")[0].replace("_", "-"): path for path in dist.glob("*.whl")}


@dataclass(frozen=True)
class Environment:
    """A Python environment outside of the repository."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        [found] = self.folder.glob("lib/python*/site-packages")
        return found


@pytest.fixture(scope="session")
def clean(dist: Path, wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with the three packages that a user installs, out of `dist`, every sibling pinned.

    What they require is not downloaded: exactly these distributions are linked from the environment that the tests run in.
    """
    folder = tmp_path_factory.mktemp("clean") / "env"
    assert run(sys.executable, "-m", "venv", "--without-pip", folder, folder=folder.parent).returncode == 0
    environment = Environment(folder)
    pinned = [f"{name}=={wheels[name].name.split('-')[1]}" for name in INSTALLED]
    uv = Path(sys.executable).with_name("uv")
    command = (uv, "pip", "install", "--offline", "--no-index", "--no-deps", "--find-links", dist, "--python", environment.python)
    done = run(*command, *pinned, folder=folder.parent)
    assert done.returncode == 0, done.stderr
    requirements = [requirement for name in INSTALLED for requirement in of_wheel(wheels[name])]
    needed = closure([*requirements, Requirement(WANTED_BY_THE_QUICK_START)], without=OURS)
    link(needed.values(), environment.site_packages)
    return environment
