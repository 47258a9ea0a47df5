"""Two processes that write the same thing at once: never twins, never two heads."""

import subprocess
import sys
from pathlib import Path

import pytest

import lamindb as ln

SCRIPT = """
import sys, time
import lamindb as ln
ln.connect({identifier!r})
ln.ULabel.filter().count()
while time.time() < {start}:
    time.sleep(0.001)
{body}
"""


def race(database, body: str, tmp_path: Path, writers: int = 4) -> None:
    import time

    script = SCRIPT.format(identifier=str(database.instance.folder), start=time.time() + 2.5, body=body)
    processes = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE, cwd=tmp_path) for _ in range(writers)]
    said = [process.communicate(timeout=60)[1].decode() for process in processes]
    for process, errors in zip(processes, said, strict=True):
        assert process.returncode == 0, errors


def test_no_twins(database, tmp_path):
    race(database, "for i in range(20): ln.ULabel(name=f'label {i}').save()", tmp_path)
    assert ln.ULabel.filter().count() == 20


def test_no_twins_between_single_and_bulk(database, tmp_path):
    race(database, "ln.save([ln.ULabel(name=f'label {i}') for i in range(200)]); ln.ULabel(name='label 7').save()", tmp_path)
    assert ln.ULabel.filter().count() == 200


def test_no_two_heads(database, tmp_path):
    body = "import os\nfor i in range(10): ln.Transform(key='a.py', source_code=f'{os.getpid()} {i}').save()"
    race(database, body, tmp_path)
    assert ln.Transform.filter(key="a.py").count() == 40
    assert ln.Transform.filter(key="a.py", is_latest=True).count() == 1
    assert len({uid[:-4] for uid in ln.Transform.filter(key="a.py").to_list("uid")}) == 1


@pytest.mark.parametrize("writers", [2])
def test_one_user_row(database, tmp_path, writers, monkeypatch):
    monkeypatch.setenv("LAMIN_USER_HANDLE", "racer")
    monkeypatch.setenv("LAMIN_SETTINGS_DIR", str(tmp_path / "racer"))
    race(database, "ln.ULabel(name='x').save()", tmp_path, writers)
    assert ln.User.filter(handle="racer").count() == 1
