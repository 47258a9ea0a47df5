"""What a distribution needs besides itself, asked of what is installed here."""

from collections.abc import Iterable
from importlib.metadata import Distribution, PathDistribution, distribution
from pathlib import Path
from zipfile import Path as ZipPath
from zipfile import ZipFile

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def of_wheel(wheel: Path) -> list[Requirement]:
    """The requirements in the metadata of a wheel."""
    with ZipFile(wheel) as archive:
        [folder] = [name.partition("/")[0] for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return needed(PathDistribution(ZipPath(archive, f"{folder}/")))


def needed(found: Distribution, extras: Iterable[str] = ()) -> list[Requirement]:
    """The requirements of a distribution that apply on this machine with these extras."""
    requirements = map(Requirement, found.requires or ())
    return [
        requirement
        for requirement in requirements
        if not requirement.marker or any(requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras))
    ]


def closure(requirements: Iterable[Requirement], without: Iterable[str] = ()) -> dict[str, Distribution]:
    """Everything that must be installed for the requirements, by canonical name, without some names and what only they need."""
    found: dict[str, Distribution] = {}
    done: set[tuple[str, frozenset[str]]] = set()
    waiting = list(requirements)
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name in without or (name, frozenset(requirement.extras)) in done:
            continue
        done.add((name, frozenset(requirement.extras)))
        found[name] = distribution(requirement.name)
        waiting += needed(found[name], requirement.extras)
    return found


def link(distributions: Iterable[Distribution], folder: Path) -> None:
    """Make the files of installed distributions appear in a folder, and nothing else of where they are installed."""
    for found in distributions:
        tops = {
            file.parts[0] for file in found.files or () if not file.is_absolute() and file.parts[0] not in ("..", "__pycache__")
        }
        for top in tops:
            target = Path(str(found.locate_file(top)))
            if not (folder / top).is_symlink():
                (folder / top).symlink_to(target)
