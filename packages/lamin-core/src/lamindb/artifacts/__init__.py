"""Datasets and their bytes: what an artifact is, how its content is hashed, stored, found again and read.

Knows records and databases. Must not know features, curation, lineage or the command line.
"""
