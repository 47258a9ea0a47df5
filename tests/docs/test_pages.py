"""What a page shows works: every block of Python or of a console is executed, or says why not; every link leads somewhere."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("packages/*/README.md"),
        *ROOT.glob("tools/*/README.md"),
    ]
)
EXECUTED = ("python", "console")
NOT_EXECUTED = ("", "text", "yaml", "toml", "sql")
BLOCK = re.compile(
    r"(?P<why><!-- not run: (?P<reason>.+?) -->\n)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)#\s]+)(?:#[^)]*)?\)")


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    place: str
    language: str
    text: str
    why_not: str | None


def blocks(text: str, name: str) -> list[Block]:
    """The fenced blocks of a page, with the line at which each begins."""
    return [
        Block(f"{name}:{text.count(chr(10), 0, found.start('language')) + 1}", found["language"], found["text"], found["reason"])
        for found in BLOCK.finditer(text)
    ]


def run(page: list[Block], folder: Path) -> subprocess.CompletedProcess[str]:
    """Execute the blocks of a page in an empty folder, with settings of their own."""
    executed = [[block.place, block.language, block.text] for block in page if block.language in EXECUTED and not block.why_not]
    own = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "LAMIN_SETTINGS_DIR": str(folder.parent / "settings"),
        "LAMIN_CACHE_DIR": str(folder.parent / "cache"),
    }
    command = [sys.executable, str(Path(__file__).with_name("run_page.py")), json.dumps(executed)]
    return subprocess.run(command, cwd=folder, env={**os.environ, **own}, capture_output=True, text=True)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_does_what_it_shows(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    page = blocks(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    assert [block.place for block in page if block.language not in (*EXECUTED, *NOT_EXECUTED)] == []
    done = run(page, folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    targets = [found["target"] for found in LINK.finditer(path.read_text(encoding="utf-8"))]
    assert [target for target in targets if "://" not in target and not (path.parent / target).exists()] == []


def test_the_readme_shows_python_that_is_executed() -> None:
    python = [
        block for block in blocks((ROOT / "README.md").read_text(encoding="utf-8"), "README.md") if block.language == "python"
    ]
    assert len(python) == 1
    assert python[0].why_not is None
    assert len(python[0].text.strip().splitlines()) <= 8


# ---- the test of pages can fail ----------------------------------------------------------------------------------

FENCE = "`" * 3


@pytest.mark.parametrize(
    ("language", "text", "problem"),
    [
        ("python", "1 / 0\n", "ZeroDivisionError"),
        ("console", "$ python -c 'exit(3)'\n", "page.md:3: python -c 'exit(3)' ended with 3"),
        ("console", "$ python -c 'print(1)'\n2\n", "page.md:3: python -c 'print(1)' printed\n1"),
    ],
)
def test_a_broken_block_is_noticed(language: str, text: str, problem: str, tmp_path: Path) -> None:
    page = blocks(f"# Title\n\n{FENCE}{language}\n{text}{FENCE}\n", "page.md")
    done = run(page, tmp_path)
    assert done.returncode == 1
    assert problem in done.stderr


def test_blocks_share_names_and_may_be_left_out_with_a_reason(tmp_path: Path) -> None:
    first, failing, last = (f"{FENCE}python\n{code}\n{FENCE}\n" for code in ("a = 1", "1 / 0", "print(a + 1)"))
    text = f"{first}\n<!-- not run: it fails -->\n{failing}{last}"
    page = blocks(text, "page.md")
    assert [block.why_not for block in page] == [None, "it fails", None]
    assert run(page, tmp_path).stdout == "2\n"
