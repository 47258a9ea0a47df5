"""One of the processes: does random things with a few names until its time is over, and notes what was acknowledged.

`python worker.py DATABASE LEDGER SEED SECONDS`: the ledger gets a line of JSON for each write that lamin said was done.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lamindb as ln
from lamindb.errors import ArtifactMissing, IntegrityError, ObjectDoesNotExist, ProtectedError, StaleRecord

Note = Callable[..., None]


class Worker:
    """What a process does.

    Parameters
    ----------
    note: writes a line into the ledger.
    seed: of what it chooses.
    """

    def __init__(self, note: Note, seed: int, desk: Path) -> None:
        self.note, self.random, self.seed = note, random.Random(seed), seed
        self.desk = desk / f"desk{seed}"
        self.desk.mkdir(exist_ok=True)
        self.count = 0
        self.acts = (
            self.new_name,
            self.version,
            self.types,
            self.bulk,
            self.rename,
            self.delete,
            self.artifact,
            self.replace,
            self.read,
        )

    def act(self) -> None:
        """Do one thing."""
        self.count += 1
        self.random.choice(self.acts)()

    def new_name(self) -> None:
        """The same new names as everybody, which stay."""
        label = ln.ULabel(name=f"kept {self.random.randrange(200)}").save()
        self.note("name", name=label.name, uid=label.uid)

    def bulk(self) -> None:
        """Many of them, with versions of several keys among them."""
        labels = [ln.ULabel(name=f"kept {n}") for n in self.random.sample(range(200), 20)]
        transforms = [ln.Transform(key=f"bulk{n}.py", source_code=f"{self.seed} {self.count}") for n in (0, 1)]
        ln.save([*labels, *transforms])
        for label in labels:
            self.note("name", name=label.name, uid=label.uid)
        for transform in transforms:
            self.note("version", uid=transform.uid, source_code=transform.source_code)

    def version(self) -> None:
        """A version of one of three keys."""
        source_code = f"{self.seed} {self.count}"
        transform = ln.Transform(key=f"{self.random.randrange(3)}.py", source_code=source_code).save()
        self.note("version", uid=transform.uid, source_code=source_code)

    def types(self) -> None:
        """A type, and a member of it."""
        type_ = ln.ULabel(name=f"Type{self.random.randrange(5)}", is_type=True).save()
        member = ln.ULabel(name=f"member {self.random.randrange(50)}", type=type_).save()
        self.note("member", type=type_.uid, name=member.name, uid=member.uid)

    def rename(self) -> None:
        """Change the name of somebody's label; taken names and deleted rows are no news."""
        label = self.some_label()
        label.name = f"loose {self.random.randrange(40)}"
        label.save()

    def delete(self) -> None:
        """Put somebody's label into the trash, bring it back, or delete it."""
        label = self.some_label()
        self.random.choice((label.delete, label.restore, lambda: label.delete(permanent=True)))()

    def some_label(self) -> Any:
        found = list(ln.ULabel.filter(name__startswith="loose "))
        return self.random.choice(found) if found else ln.ULabel(name=f"loose {self.random.randrange(40)}").save()

    def artifact(self) -> None:
        """Save bytes under one of three keys; sometimes delete an older version for good."""
        path = self.desk / "a.txt"
        path.write_text(f"{self.seed} {self.count}")
        artifact = ln.Artifact(path, key=f"{self.random.randrange(3)}.txt").save()
        self.note("artifact", uid=artifact.uid, text=path.read_text())
        if self.random.random() < 0.3:
            gone = self.random.choice(list(ln.Artifact.filter(key=artifact.key)))
            self.note("artifact about to go", uid=gone.uid)
            gone.delete(permanent=True)

    def replace(self) -> None:
        """Give one of three artifacts other bytes."""
        key = f"replaced{self.random.randrange(3)}.txt"
        path = self.desk / "r.txt"
        path.write_text(f"{self.seed} {self.count}")
        found = ln.Artifact.filter(key=key).first()
        if found is None:
            ln.Artifact(path, key=key).save()
        else:
            found.replace(path).save()

    def read(self) -> None:
        """Read what others write: every artifact has the bytes of its row."""
        for artifact in list(ln.Artifact.filter()[:5]):
            text = artifact.load()
            if artifact.size != len(text):
                raise AssertionError(f"{artifact.uid} has {text!r} instead of {artifact.size} bytes")


EXPECTED = (StaleRecord, ObjectDoesNotExist, ProtectedError, ArtifactMissing)
"""What others did in the meantime, told as such."""


def main(database: str, ledger: str, seed: str, seconds: str) -> None:
    """Work until the time is over."""
    ln.connect(database)
    ln.settings.verbosity = "error"
    end = time.monotonic() + float(seconds)
    with open(ledger, "a", buffering=1) as file:

        def note(what: str, **values: object) -> None:
            file.write(json.dumps({"what": what, **values}) + "\n")

        worker = Worker(note, int(seed), Path(ledger).parent)
        while time.monotonic() < end:
            try:
                worker.act()
            except EXPECTED as error:
                note("told", error=type(error).__name__)
            except IntegrityError as error:
                note("told", error=type(error).__name__, message=str(error))
        note("end", count=worker.count)


if __name__ == "__main__":
    main(*sys.argv[1:])
