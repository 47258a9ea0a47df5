"""Processes that change, move and delete overlapping lists in different orders at once: nobody fails, nothing is lost."""

from pathlib import Path

import pytest
from lamindb_setup.databases import Database

import lamindb as ln

from .test_races import race

SHUFFLED = """
import random
random.seed()
for turn in range(15):
    labels = ln.ULabel.filter(name__startswith="label").to_list()
    projects = ln.Project.filter().to_list()
    everything = [*labels, *projects]
    random.shuffle(everything)
    for one in everything:
        one.{column} = {value}
    {action}
"""


@pytest.fixture
def rows(database: Database) -> None:
    ln.save([ln.ULabel(name=f"label {i}") for i in range(300)] + [ln.Project(name=f"project {i}") for i in range(50)])


def test_lists_in_any_order_do_not_block_each_other(database: Database, rows: None, tmp_path: Path) -> None:
    """Everybody writes another column of the same rows, or the same column by force."""
    body = SHUFFLED.format(column="_aux", value="{'ei': str(random.random())}", action="ln.save(everything)")
    race(database, body, tmp_path)
    assert ln.ULabel.filter(name__startswith="label").count() == 300


def test_moving_and_deleting_do_not_block_each_other(database: Database, rows: None, tmp_path: Path) -> None:
    body = """
import random
random.seed()
for turn in range(10):
    ids = ln.ULabel.filter(branch=None, name__startswith="label").to_list("id")
    some = random.sample(ids, len(ids) // 3)
    if turn % 3 == 0:
        ln.ULabel.filter(id__in=some).order_by(random.choice(["name", "-name", "id"])).delete()
    elif turn % 3 == 1:
        ln.ULabel.filter(id__in=some).restore()
    else:
        ln.ULabel.filter(id__in=some[:5]).delete(permanent=True)
"""
    race(database, body, tmp_path)
    assert 0 < ln.ULabel.filter(branch=None, name__startswith="label").count() < 300
