"""`lamin switch`"""

import click

from lamin_cli.application import Application
from lamin_cli.group import command


@command("switch")
@click.argument("target")
@click.option("-c", "--create", is_flag=True, help="Make it; it must not exist.")
@click.option("--space", is_flag=True, help="Switch the space instead of the branch.")
def run(application: Application, target: str, create: bool, space: bool) -> None:
    """Let new rows go to the branch TARGET, a name or uid, from now on; queries see that branch and main.

    It is noted per project, or per database outside of projects.
    """
    import lamindb

    kind = "space" if space else "branch"
    before = getattr(lamindb.settings, kind)
    lamindb.setup.switch(target, space=space, create=create)
    now = getattr(lamindb.settings, kind)
    done = "created and switched to" if create else "switched to"
    application.say(f"{done} {kind} {now!r}" if now == before else f"{done} {kind} {now!r}, before {before!r}")
