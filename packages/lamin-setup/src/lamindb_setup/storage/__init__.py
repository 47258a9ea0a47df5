"""Storage roots: where an instance keeps its bytes, the marker that says whose it is, and what kind of file system it lies on.

Knows paths and files only: no database, no artifact.
"""
