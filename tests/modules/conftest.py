"""A stranger's module as an installed distribution: generated from YAML in a folder of the test, in two versions."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lamindb_setup.testing import PostgresServer, postgres_server  # noqa: F401  # a fixture

SCHEMA = Path(__file__).with_name("toylab.yaml").read_text()
NEW_COLUMN = "      age: {description: Age of the donor in years., range: integer}\n  Biosample:\n"


class Laboratory:
    """The module's source, and processes that have it installed."""

    def __init__(self, folder: Path, database: str | None) -> None:
        self.folder, self.database = folder, database
        self.site = folder / "site"
        self.project = folder / "project"
        self.project.mkdir()

    def write(self, schema: str, message: str) -> None:
        """Generate the module from a schema and make it an installed distribution."""
        package = self.site / "toylab"
        package.mkdir(parents=True, exist_ok=True)
        (package / "__init__.py").write_text('"""A laboratory\'s module."""\n')
        source = self.folder / "toylab.yaml"
        source.write_text(schema)
        command = [sys.executable, "-m", "lamin_codegen", "--into", str(package / "_registries"), "-m", message, str(source)]
        self._run(command)
        info = self.site / "toylab-1.0.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text("Metadata-Version: 2.4\nName: toylab\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[lamin.modules]\ntoylab = toylab._registries\n")

    def python(self, code: str, *, installed: bool = True, fails: bool = False) -> str:
        """Run code in the project folder, with or without the module; return what it printed, or its last line of errors."""
        paths = [str(self.site), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {"PYTHONPATH": os.pathsep.join(paths)} if installed else {}
        preamble = f"import lamindb as ln\nDATABASE = {self.database!r}\n"
        return self._run([sys.executable, "-c", preamble + code], environment, fails=fails)

    def _run(self, command: list[str], environment: dict[str, str] | None = None, *, fails: bool = False) -> str:
        done = subprocess.run(
            command, cwd=self.project, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
        )
        if fails:
            assert done.returncode != 0, f"{done.stdout} did not fail"
            return done.stderr.strip().splitlines()[-1]
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@pytest.fixture(params=["sqlite", "postgresql"])
def laboratory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Laboratory]:
    if request.param == "sqlite":
        yield Laboratory(tmp_path, None)
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.clone() as url:
        yield Laboratory(tmp_path, url)


Second = Callable[[Laboratory], None]


@pytest.fixture
def second_version() -> Second:
    """Adds a column to a table of the module."""

    def write(laboratory: Laboratory) -> None:
        laboratory.write(SCHEMA.replace("  Biosample:\n", NEW_COLUMN, 1), "age of donors")

    return write
