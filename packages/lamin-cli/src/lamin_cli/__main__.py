"""Entry point of `lamin` and of `python -m lamin_cli`."""

import io
import sys
from typing import NoReturn

from lamin_cli.application import Application
from lamin_cli.group import lamin


def main() -> NoReturn:
    """Run the command line of this process and end it."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a name that the terminal cannot show is no reason to fail
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(Application().run(lamin, sys.argv[1:]))


if __name__ == "__main__":
    main()
