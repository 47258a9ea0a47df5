"""Features and schemas: the named dimensions of data, their data types, and what a dataset must look like.

Knows records and queries. Must not know how data is validated (`curation`), lineage or the command line.
"""
