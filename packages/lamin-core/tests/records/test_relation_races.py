"""Several processes that write the same links at once: no twins, no errors of the driver, all there."""

import subprocess
import sys
import time

import pytest

import lamindb as ln

SCRIPT = """
import random, sys, time
import lamindb as ln
ln.connect(sys.argv[1])
labels = ln.ULabel.filter().to_list()
projects = ln.Project.filter().to_list()
random.seed(sys.argv[2])
while time.time() < float(sys.argv[3]):
    time.sleep(0.001)
for number in range(20):
    random.shuffle(labels)
    same = projects[number]
    random_projects = random.sample(projects, 5)
    user = ln.User.filter().first()
    {body}
"""
BODIES = {
    "all in another order": "same.ulabels.add(labels)",
    "both sides": "same.ulabels.add(labels[:30]); labels[0].projects.add(random_projects)",
    "setting": "random_projects[0].ulabels.set(labels[:10])",
    "roles": "same.users.add(user, through_defaults={'role': 'author'})",
}


@pytest.mark.parametrize("body", BODIES)
def test_the_same_links_at_once(database, body):
    ln.save([ln.ULabel(name=f"{number}") for number in range(400)])
    ln.save([ln.Project(name=f"{number}") for number in range(20)])
    command = [sys.executable, "-c", SCRIPT.format(body=BODIES[body]), str(database.instance.folder)]
    begin = f"{time.time() + 4}"
    racers = [subprocess.Popen([*command, f"{n}", begin], stderr=subprocess.PIPE, text=True) for n in range(3)]
    for racer in racers:
        assert racer.communicate()[1] == ""
        assert racer.returncode == 0
    for project in ln.Project.filter():
        assert project.links_ulabel.count() == project.ulabels.count()
        assert project.links_user.count() == project.users.count()
        if body == "setting":
            assert project.ulabels.count() in (0, 10)
        if body == "all in another order":
            assert project.ulabels.count() == 400
