"""Processes that track one new script at once: one family, one version, no run lost."""

import lamindb as ln

from .conftest import Lab, ended

WAIT = """
import sys
print("ready", flush=True)
sys.stdin.readline()
ln.track()
ln.finish()
"""


def race(lab: Lab, count: int, code: str = WAIT) -> None:
    processes = [lab.start(lab.write("a.py", code)) for _ in range(count)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        status, _, err = ended(process)
        assert status == 0, err


def test_a_new_script_in_several_processes_is_one_version(lab: Lab) -> None:
    race(lab, 4)
    (transform,) = lab.transforms()
    assert (transform.uid[-4:], transform.is_latest) == ("0000", True)
    assert [(run.transform_id, run.status) for run in lab.runs()] == [(transform.id, "completed")] * 4
    assert ln.Artifact.filter(description="requirements.txt").count() == 1


def test_an_edited_script_in_several_processes_is_one_next_version(lab: Lab) -> None:
    lab.run(lab.write("a.py", "ln.track()\nln.finish()\n"))
    race(lab, 3)
    assert [(each.uid[-4:], each.is_latest) for each in lab.transforms()] == [("0000", False), ("0001", True)]
    assert len(lab.runs()) == 4
