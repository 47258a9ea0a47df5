"""Built packages need nothing of the repository, of the peer, or of each other beyond what they say."""

import json
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .conftest import INSTALLED, OURS, ROOT, Environment, run
from .requirements import closure, of_wheel

pytestmark = pytest.mark.xdist_group("installation")  # so that one process builds the wheels

PEER = {"lamindb", "lamindb-core", "lamindb-setup", "lamin-utils", "lnschema-core", "django"}
HEAVY = {"linkml", "linkml-runtime", "scanpy", "torch", "pytest"}


def test_every_package_builds(wheels: dict[str, Path]) -> None:
    assert sorted(wheels) == sorted(OURS)


def test_versions_are_above_every_release_of_the_peer(wheels: dict[str, Path]) -> None:
    for name, wheel in wheels.items():
        assert int(wheel.name.split("-")[1].split(".")[0]) >= 3, name


def test_no_requirement_is_the_peer_or_its_framework(wheels: dict[str, Path]) -> None:
    for wheel in wheels.values():
        named = {canonicalize_name(requirement.name) for requirement in of_wheel(wheel)}
        assert named & PEER == set(), wheel.name
    everything = closure([requirement for wheel in wheels.values() for requirement in of_wheel(wheel)], without=OURS)
    assert set(everything) & PEER == set()


@pytest.mark.parametrize("bad", ["lamindb>=2", "Django", "lamindb_setup"])
def test_a_requirement_of_the_peer_would_be_noticed(bad: str) -> None:
    assert canonicalize_name(Requirement(bad).name) in PEER


def test_siblings_are_required_from_our_versions_only(wheels: dict[str, Path]) -> None:
    siblings = [requirement for wheel in wheels.values() for requirement in of_wheel(wheel) if requirement.name in OURS]
    assert siblings
    for requirement in siblings:
        allowed = [
            version for version in ("1.21.0", "2.12.1", "2.99", "3.0.0", "3.9", "4.0.0") if version in requirement.specifier
        ]
        assert allowed == ["3.0.0", "3.9"], str(requirement)


def test_users_do_not_install_what_only_developers_need(wheels: dict[str, Path]) -> None:
    needed = closure([requirement for name in INSTALLED for requirement in of_wheel(wheels[name])], without=OURS)
    assert set(needed) & HEAVY == set()


@pytest.mark.parametrize("name", OURS)
def test_packages_carry_licence_types_and_tests(name: str, dist: Path, wheels: dict[str, Path]) -> None:
    with ZipFile(wheels[name]) as wheel:
        files = wheel.namelist()
    assert [file for file in files if file.endswith("licenses/LICENSE")]
    assert [file for file in files if file.endswith("/py.typed")]
    assert [file for file in files if file.split("/")[1:2] == ["tests"] or "__pycache__" in file] == []
    [sdist] = dist.glob(f"{name.replace('-', '_')}-*.tar.gz")
    with tarfile.open(sdist) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml"} <= inside


def test_the_installed_packages_are_the_built_ones(clean: Environment, tmp_path: Path) -> None:
    program = (
        "import json, lamin_cli, lamindb, lamindb_setup as s; print(json.dumps([m.__file__ for m in (lamin_cli, lamindb, s)]))"
    )
    done = run(clean.python, "-I", "-c", program, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [file for file in json.loads(done.stdout) if not file.startswith(str(clean.site_packages))] == []
    done = run(clean.python, "-I", "-c", "import lamin_codegen", folder=tmp_path)
    assert "No module named 'lamin_codegen'" in done.stderr


def test_the_quick_start_runs_there(clean: Environment, tmp_path: Path, pbmc68k: Path) -> None:
    made = run(clean.folder / "bin" / "lamin", "init", "--storage", "./mydir", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    done = run(clean.python, "-I", ROOT / "examples" / "quickstart.py", pbmc68k, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "blood" in done.stdout
    listed = run(clean.folder / "bin" / "lamin", "list", "artifact", "--json", folder=tmp_path)
    assert len(json.loads(listed.stdout)) >= 3, listed.stderr


@pytest.mark.parametrize("peer", ["lamindb", "lamindb_setup"])
def test_beside_an_installed_peer_importing_says_what_to_do(peer: str, clean: Environment, tmp_path: Path) -> None:
    """The peer is a distribution of another name with our import names: whichever was installed last has won."""
    metadata = tmp_path / f"{peer}-2.12.1.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text(f"Metadata-Version: 2.1\nName: {peer}\nVersion: 2.12.1\n", encoding="utf-8")
    done = run(clean.python, "-c", "import lamindb", folder=tmp_path, PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("lamindb_setup.errors.PeerInstalled: "), done.stderr
    assert peer.replace("_", "-") in last.replace("_", "-")
    assert "2.12.1" in last
    assert "uninstall" in last


def test_peer_installed_is_an_import_error() -> None:
    from lamindb_setup import errors

    assert issubclass(errors.PeerInstalled, ImportError)
    assert issubclass(errors.PeerInstalled, errors.LaminError)
