"""`lamin migrate`: one file a command, as in the folder above."""

from lamin_cli.group import Commands

run = Commands(
    "migrate",
    home=__name__,
    sections={
        "Commands": {
            "create": "Write a revision from an edited schema.",
            "check": "Tell whether revisions are missing.",
            "deploy": "Apply the revisions that are missing.",
            "history": "List revisions, applied or missing.",
        }
    },
    help="Bring the tables of a database up to date.",
)
