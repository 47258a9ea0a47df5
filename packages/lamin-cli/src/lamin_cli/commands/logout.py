"""`lamin logout`"""

from lamin_cli.application import Application
from lamin_cli.group import command


@command("logout")
def run(application: Application) -> None:
    """Go back to the profile of your login name."""
    import lamindb_setup

    changed = lamindb_setup.logout()
    handle = lamindb_setup.identity.current_profile().handle
    application.say(f"logged out, now {handle}" if changed else f"already {handle}")
