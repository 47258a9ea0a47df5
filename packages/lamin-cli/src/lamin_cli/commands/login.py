"""`lamin login`"""

import click

from lamin_cli.application import Application
from lamin_cli.group import command


@command("login")
@click.argument("handle", required=False)
@click.option("--name", help="Your name, as others read it.")
@click.option("--email", help="Your address, as others read it.")
def run(application: Application, handle: str | None, name: str | None, email: str | None) -> None:
    """Choose the profile that new rows name as their creator, or make it.

    Profiles are kept on this machine; no server is asked. Without a HANDLE the profile in use is shown and may be changed.
    """
    import lamindb_setup

    profile = lamindb_setup.login(handle, name=name, email=email)
    known_as = f"{profile.handle} (uid {profile.uid}{f', {profile.name}' if profile.name else ''})"
    if handle is None and name is None and email is None:
        application.say(f"the profile in use is {known_as}; it is local, another is chosen or made by `lamin login HANDLE`")
    else:
        application.say(f"logged in {known_as}")
