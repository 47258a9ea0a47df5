"""lamin-codegen, which is not installed with the command: found late, and its refusals as errors of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec


def require(task: str) -> None:
    """Refuse a task where lamin-codegen is absent.

    Raises
    ------
    ModuleNotInstalled: with the command that installs it.
    """
    from lamindb_setup import errors

    if find_spec("lamin_codegen") is None:
        raise errors.ModuleNotInstalled(f"{task} needs lamin-codegen; run `pip install 'lamin-cli[modules]'`")


@contextmanager
def refusals(tell: Callable[[str], None], task: str) -> Iterator[None]:
    """Within the block: lamin-codegen may be imported, and what it refuses is told line by line.

    Raises
    ------
    ModuleNotInstalled: lamin-codegen is absent.
    InvalidSchema: it refused.
    """
    require(task)
    from lamin_codegen.generating import NewRevisionNeeded
    from lamin_codegen.history import HistoryError
    from lamin_codegen.problems import SchemaError
    from lamin_codegen.projects.project import ProjectError
    from lamin_codegen.render.diff import RevisionError
    from lamindb_setup import errors

    try:
        yield
    except (SchemaError, RevisionError) as error:
        for problem in error.problems:
            tell(str(problem))
        count = len(error.problems)
        hint = "; --allow-drop drops them" if isinstance(error, RevisionError) and "is gone" in str(error) else ""
        raise errors.InvalidSchema(f"{count} {'mistake' if count == 1 else 'mistakes'}; nothing was written{hint}") from error
    except (HistoryError, NewRevisionNeeded, ProjectError) as error:
        raise errors.InvalidSchema(str(error)) from error
