"""The `lamin` command: databases of datasets from a terminal.

`group` finds and loads commands, `application` alone prints and exits, `commands` has one file a command. A command parses its
arguments, calls one function of `lamindb_setup` or `lamindb`, and hands the result to the application; it decides nothing itself.
"""

__version__ = "3.0.0"
