"""How schema files are found and read: beside each other, in installed modules, with circles and gaps."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lamin_codegen import SchemaError, check, load

DONOR = "  Donor: {description: A person., is_a: SQLRecord}\n"
SCHEMA = """\
id: https://example.org/{name}
name: {name}
imports: [linkml:types, {imports}]
annotations: {{module: {name}, package: {name}._registries}}
classes:
"""


def schema(name: str, imports: str, classes: str = "") -> str:
    return SCHEMA.format(name=name, imports=imports) + classes


@pytest.fixture
def write(folder: Path) -> Callable[[str, str], Path]:
    def write_schema(name: str, text: str) -> Path:
        folder.joinpath(f"{name}.yaml").write_text(text, encoding="utf-8")
        return Path(f"{name}.yaml")

    return write_schema


def errors(*paths: Path) -> list[str]:
    with pytest.raises(SchemaError) as caught:
        check(load(paths))
    return str(caught.value).splitlines()


# ---- files beside each other -------------------------------------------------------------------------------------------------
def test_imports_are_found_beside_the_file(write: Callable[[str, str], Path]) -> None:
    model = check(load([write("lab", schema("lab", "core", DONOR))]))
    assert model.module == "lab"
    assert model.package == "lab._registries"
    assert model.schemas == ("lab",)
    assert model.requires == ("mini",)
    assert [registry.name for registry in model.registries] == ["Donor"]
    assert sorted(model.known) == ["mini.Artifact", "mini.Feature", "mini.Record", "mini.Schema", "mini.User"]
    assert model.packages == {"mini": "mini._registries"}


def test_dependencies_come_first_whatever_the_order_of_the_paths(folder: Path) -> None:
    for paths in (["base.yaml", "core.yaml"], ["core.yaml"]):
        model = check(load([Path(path) for path in paths]))
        assert model.schemas == ("base", "core")
        assert model.requires == ()


def test_required_modules_stand_nearest_first(write: Callable[[str, str], Path]) -> None:
    write("bio", schema("bio", "core"))
    write("wet", schema("wet", "core, bio"))
    assert check(load([write("lab", schema("lab", "base, core, bio, wet"))])).requires == ("wet", "bio", "mini")


def test_a_part_without_a_module_belongs_to_the_one_that_imports_it(write: Callable[[str, str], Path]) -> None:
    write("parts", "id: https://example.org/parts\nname: parts\nimports: [linkml:types, base]\nclasses:\n" + DONOR)
    model = check(load([write("lab", schema("lab", "core, parts"))]))
    assert model.schemas == ("parts", "lab")
    assert [registry.qualified for registry in model.registries] == ["lab.Donor"]


def test_positions_name_the_file_as_it_was_given(folder: Path, write: Callable[[str, str], Path]) -> None:
    write("lab", schema("lab", "core", "  Donor: {is_a: SQLRecord}\n"))
    assert errors(folder / "lab.yaml")[0].startswith(f"{folder}/lab.yaml:6:3: class `Donor` has no description")


# ---- circles and gaps --------------------------------------------------------------------------------------------------------
def test_circle(write: Callable[[str, str], Path]) -> None:
    write("bio", schema("bio", "core, wet"))
    write("wet", schema("wet", "lab"))
    assert errors(write("lab", schema("lab", "core, bio", DONOR))) == [
        "wet.yaml:3:25: imports go in a circle: lab → bio → wet → lab; move what both need into a schema that imports neither"
    ]


def test_schema_that_imports_itself(write: Callable[[str, str], Path]) -> None:
    assert errors(write("lab", schema("lab", "core, lab", DONOR))) == [
        "lab.yaml:3:31: imports go in a circle: lab → lab; move what both need into a schema that imports neither"
    ]


def test_unknown_imports(write: Callable[[str, str], Path]) -> None:
    path = write("lab", schema("lab", "cor, genomics, 'https://example.org/core', ../core.yaml", DONOR))
    nowhere = "there is no schema `{}`, neither beside this file nor in an installed module; {}"
    install = "install the package that has it, or correct the name"
    assert errors(path) == [
        f"lab.yaml:3:25: {nowhere.format('cor', 'write `core`')}",
        f"lab.yaml:3:30: {nowhere.format('genomics', install)}",
        "lab.yaml:3:40: `https://example.org/core` is no name of a schema; write `core`",
        "lab.yaml:3:68: `../core.yaml` is no name of a schema; write `core`",
    ]


def test_file_that_has_another_name_than_its_schema(write: Callable[[str, str], Path]) -> None:
    assert errors(write("lab", schema("lub", "core", DONOR))) == [
        "lab.yaml:2:7: the schema is called `lub`, but it is found under `lab`; write `name: lab`"
    ]


def test_second_file_that_the_main_one_does_not_import(write: Callable[[str, str], Path]) -> None:
    other = write("other", schema("other", "base"))
    assert errors(other, write("lab", schema("lab", "core", DONOR))) == [
        "lab.yaml:3:1: the main schema `lab` does not import `other`; add `other` to its `imports`, or leave the file out"
    ]


def test_files_that_can_not_be_read(folder: Path) -> None:
    folder.joinpath("folder.yaml").mkdir()
    folder.joinpath("latin.yaml").write_bytes("description: é".encode("latin-1"))
    folder.joinpath("lab.yaml").write_text(schema("lab", "core, latin", DONOR), encoding="utf-8")
    hint = "give the path of a schema file"
    assert errors(Path("missing.yaml")) == [f"missing.yaml:1:1: the file can't be read (no such file or directory); {hint}"]
    assert errors(Path("folder.yaml")) == [f"folder.yaml:1:1: the file can't be read (is a directory); {hint}"]
    assert errors(Path("latin.yaml")) == [f"latin.yaml:1:1: the file can't be read (byte 13 is no UTF-8); {hint}"]
    assert errors(Path("lab.yaml")) == [
        "lab.yaml:3:31: the schema `latin` can't be read (byte 13 is no UTF-8); repair or reinstall it"
    ]


# ---- installed modules -------------------------------------------------------------------------------------------------------
@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The module `mini` as an installed distribution: its schemas in a package, its name in the entry points."""
    site = tmp_path / "site packages"
    package = site / "mini" / "_registries"
    package.mkdir(parents=True)
    site.joinpath("mini", "__init__.py").touch()
    package.joinpath("__init__.py").touch()
    package.joinpath("index.py").write_text('SCHEMAS = {"minibase": "_base.yaml", "minicore": "_schema.yaml"}\n')
    schemas = Path(__file__).parent / "schemas"
    for source, copy in (("base.yaml", "_base.yaml"), ("core.yaml", "_schema.yaml")):
        text = schemas.joinpath(source).read_text()
        text = (
            text.replace("name: base", "name: minibase").replace("name: core", "name: minicore").replace(", base]", ", minibase]")
        )
        package.joinpath(copy).write_text(text)
    info = site / "mini-1.0.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text("Metadata-Version: 2.1\nName: mini\nVersion: 1.0\n")
    info.joinpath("entry_points.txt").write_text("[lamin.modules]\nmini = mini._registries\n")
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    yield package
    for name in [name for name in sys.modules if name == "mini" or name.startswith("mini.")]:
        del sys.modules[name]


@pytest.fixture
def lab(installed: Path) -> Path:
    """A schema in a folder of its own, which finds the others in the installed module only."""
    path = Path("lab.yaml")
    path.write_text(schema("lab", "minicore", DONOR), encoding="utf-8")
    return path


def test_imports_are_found_in_installed_modules(lab: Path) -> None:
    model = check(load([lab]))
    assert model.requires == ("mini",)
    assert "mini.Artifact" in model.known


def test_a_file_beside_wins_over_an_installed_module(lab: Path) -> None:
    Path("minicore.yaml").write_text(
        schema("minicore", "minibase", "  Own: {description: Own., is_a: SQLRecord}\n"), encoding="utf-8"
    )
    assert list(check(load([lab])).known) == ["minicore.Own"]


def test_a_module_that_was_never_generated_is_passed_over(lab: Path, installed: Path) -> None:
    installed.joinpath("index.py").unlink()
    assert errors(lab)[0].startswith("lab.yaml:3:25: there is no schema `minicore`, neither beside this file nor in an installed")


def test_installed_module_that_can_not_be_imported(lab: Path, installed: Path) -> None:
    installed.joinpath("index.py").write_text("import module_that_is_gone\n")
    assert errors(lab) == [
        "lab.yaml:3:25: the schema `minicore` can't be read (the installed package mini._registries can't be imported: "
        "No module named 'module_that_is_gone'); repair or reinstall it"
    ]


def test_two_installed_modules_with_one_schema(lab: Path, installed: Path) -> None:
    info = installed.parents[1] / "mini-1.0.dist-info" / "entry_points.txt"
    info.write_text("[lamin.modules]\nmini = mini._registries\nother = mini\n")
    installed.parent.joinpath("index.py").write_text('SCHEMAS = {"minicore": "core.yaml"}\n')
    assert errors(lab) == [
        "lab.yaml:3:25: the schema `minicore` can't be read (it is in mini and in mini._registries); repair or reinstall it"
    ]


def test_installed_module_without_its_file(lab: Path, installed: Path) -> None:
    installed.joinpath("_schema.yaml").unlink()
    assert errors(lab) == [
        "lab.yaml:3:25: the schema `minicore` can't be read (mini._registries is installed without its file _schema.yaml); "
        "repair or reinstall it"
    ]


def test_problems_of_installed_schemas_name_their_file(lab: Path, installed: Path) -> None:
    base = installed / "_base.yaml"
    base.write_text(base.read_text().replace("abstract: true", "abstract: perhaps", 1))
    assert errors(lab)[0] == f"{base}:13:15: `perhaps` is no value for `abstract`; write true or false"


# ---- cost --------------------------------------------------------------------------------------------------------------------
def test_the_package_itself_loads_neither_linkml_nor_yaml() -> None:
    code = "import sys, lamin_codegen; print([name for name in ('linkml_runtime', 'rdflib', 'yaml') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
