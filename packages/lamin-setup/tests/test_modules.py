"""Finding installed modules, with fake distributions."""

import sys

import pytest

from lamindb_setup import modules
from lamindb_setup.errors import InvalidArgument, ModuleBroken, ModuleNotInstalled


def test_a_distribution_is_found_by_its_entry_point(tiny) -> None:
    module = modules.installed()["tiny"]
    assert (module.package, module.distribution, module.version) == ("tiny_package._registries", "lamin-tiny", "1.0.0")
    assert "tiny_package" not in sys.modules, "names are enough to list modules"
    assert module.index.MODULE == "tiny"
    assert module.revisions == ("tiny_0001",)
    assert module.path("ddl/sqlite.sql").is_file()
    assert callable(module.seed)


def test_what_is_installed_in_this_environment_is_found_too(site) -> None:
    """The core, installed in editable form."""
    module = modules.installed()["lamindb"]
    assert (module.package, module.distribution) == ("lamindb._registries", "lamin-core")


def test_the_list_is_kept_until_told_otherwise(site) -> None:
    site.add("one")
    assert modules.installed() is modules.installed()
    assert "two" not in modules.installed()
    site.add("two")
    assert "two" in modules.installed()


def test_two_distributions_of_one_name_are_refused(site) -> None:
    site.add("twin")
    site.add("twin", distribution="another-twin")
    with pytest.raises(ModuleBroken, match="both offer a module named 'twin'; uninstall one"):
        modules.installed()


def test_unreadable_metadata_is_passed_over(tiny) -> None:
    for name, content in {"bad-1.dist-info": b"\xff\xfe", "worse-1.dist-info": b"[lamin.modules"}.items():
        (tiny.folder / name).mkdir()
        (tiny.folder / name / "entry_points.txt").write_bytes(content)
    (tiny.folder / "none-1.dist-info").mkdir()
    (tiny.folder / "file.dist-info").touch()
    tiny.reload()
    assert "tiny" in modules.installed()


def test_an_unknown_module(tiny) -> None:
    with pytest.raises(ModuleNotInstalled, match="no installed package offers a module 'tinny'; did you mean 'tiny'") as caught:
        modules.get("tinny")
    assert isinstance(caught.value, ModuleNotFoundError)
    with pytest.raises(ModuleNotInstalled, match=r"installed are: .*tiny"):
        modules.get("zzz")


def test_broken_modules(site) -> None:
    generated = site.add("broken", seed="pass")
    (generated / "index.py").write_text("1 / 0")
    with pytest.raises(
        ModuleBroken, match=r"module 'broken' cannot be loaded \(division by zero\); reinstall lamin-broken 1.0.0"
    ):
        _ = modules.get("broken").requires
    generated = site.add("seedless", seed="pass")
    (generated.parent / "rows.py").write_text("")
    with pytest.raises(ModuleBroken, match=r"names 'seedless_package.rows:seed' for its first rows"):
        _ = modules.get("seedless").seed
    (site.folder / "lamin_gone-1.dist-info").mkdir()
    (site.folder / "lamin_gone-1.dist-info/entry_points.txt").write_text("[lamin.modules]\ngone = os\n")
    site.reload()
    with pytest.raises(ModuleBroken, match="'os', which is no package"):
        modules.get("gone").path("x")


def test_requirements_come_first(site) -> None:
    site.add("c", requires=("b", "a"))
    site.add("b", requires=("a",))
    site.add("a")
    assert [module.name for module in modules.with_requirements(["c"])] == ["a", "b", "c"]
    assert [module.name for module in modules.with_requirements(["b", "c", "a"])] == ["a", "b", "c"]
    assert modules.with_requirements([]) == []


def test_a_circle_of_requirements(site) -> None:
    site.add("a", requires=("b",))
    site.add("b", requires=("a",))
    with pytest.raises(ModuleBroken, match="in a circle: a -> b -> a"):
        modules.with_requirements(["a"])


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (None, ()),
        ("", ()),
        (" bionty , wetlab,bionty", ("bionty", "wetlab")),
        (["wetlab", "bionty"], ("wetlab", "bionty")),
        ({"bionty"}, ("bionty",)),
    ],
)
def test_names(given, names: tuple[str, ...]) -> None:
    assert modules.parse_names(given) == names


def test_names_that_are_none() -> None:
    with pytest.raises(InvalidArgument, match="modules are names, and 3 is none"):
        modules.parse_names([3])
