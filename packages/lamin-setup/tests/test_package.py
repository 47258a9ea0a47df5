"""The door: what importing costs, what the package offers, and that its error tree is drawn as it is."""

import builtins
import inspect

import pytest

import lamindb_setup
from lamindb_setup import errors

HEAVY = ("sqlalchemy", "tomlkit", "alembic", "psycopg", "tomllib", "ctypes", "pytest")


def test_importing_loads_nothing_heavy(tiny) -> None:
    result = tiny.python(f"import sys, lamindb_setup; print([name for name in {HEAVY!r} if name in sys.modules])")
    assert result.stdout == "[]\n", result.stderr


def test_opening_sqlite_loads_neither_the_orm_nor_the_other_driver(tiny, project) -> None:
    lamindb_setup.init(modules="tiny")
    code = """
    import sys, lamindb_setup
    with lamindb_setup.current().writing() as transaction:
        transaction.connection.exec_driver_sql("SELECT 1")
    print([name for name in ("sqlalchemy.orm", "tomlkit", "alembic", "psycopg") if name in sys.modules])
    """
    result = tiny.python(code, cwd=project)
    assert result.stdout == "[]\n", result.stderr


def test_init_loads_neither_the_orm_nor_alembic(tiny, project) -> None:
    code = """
    import sys, lamindb_setup
    lamindb_setup.init(modules="tiny")
    print([name for name in ("sqlalchemy.orm", "tomlkit", "alembic", "psycopg") if name in sys.modules])
    """
    result = tiny.python(code, cwd=project)
    assert result.stdout == "[]\n", result.stderr


def test_info_loads_no_database(tiny, project) -> None:
    lamindb_setup.init(modules="tiny")
    code = "import sys, lamindb_setup; print(lamindb_setup.info().instance, 'sqlalchemy' in sys.modules)"
    result = tiny.python(code, cwd=project)
    assert result.stdout == "testuser/project False\n", result.stderr


def test_every_name_exists_and_is_listed() -> None:
    assert dir(lamindb_setup) == sorted(lamindb_setup.__all__)
    for name in lamindb_setup.__all__:
        assert getattr(lamindb_setup, name) is not None


def test_names_for_editors_are_those_of_the_table() -> None:
    source = inspect.getsource(lamindb_setup)
    for name in lamindb_setup._HOMES:
        assert f"import {name} as {name}" in source


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(AttributeError, match="no attribute 'conect'; did you mean 'connect'"):
        lamindb_setup.conect  # noqa: B018


# ---- the error tree ---------------------------------------------------------------------------------------------------------
CLASSES = {name: kind for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, errors.LaminError)}


def drawn() -> dict[str, tuple[str, str]]:
    """Class, built-in and exit code as the module's docstring draws them."""
    found = {}
    for line in errors.__doc__.splitlines():
        words = line.replace("├──", "").replace("└──", "").replace("│", "").split()
        if ("├──" in line or "└──" in line) and words:
            builtin = words[1].strip("()") if len(words) > 1 and words[1].startswith("(") else ""
            code = next((word for word in words[1:] if word.isdigit()), "")
            found[words[0]] = (builtin, code)
    return found


def test_the_tree_is_drawn_as_it_is() -> None:
    tree = drawn()
    assert set(tree) | {"LaminError"} == set(CLASSES)
    for name, (builtin, code) in tree.items():
        if builtin:
            assert issubclass(CLASSES[name], getattr(builtins, builtin)), name
        if code:
            assert CLASSES[name].exit_code == int(code), name


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_errors_are_built_ins_and_show_their_sentence(name: str) -> None:
    error = CLASSES[name]("a sentence")
    assert str(error) == "a sentence"
    assert CLASSES[name].__doc__


def test_closest() -> None:
    assert errors.closest("bionti", ["bionty", "wetlab"]) == "; did you mean 'bionty'?"
    assert errors.closest("zzz", ["bionty"]) == ""
