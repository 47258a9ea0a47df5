"""One file a command, named like it; `run` is the command. At the top they import click and this package only."""
