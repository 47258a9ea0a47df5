"""From YAML files to a `RawSchema`: positions, shapes, imports, LinkML.

Knows YAML and LinkML and how schema files are found. Must not know what a registry, a table or a relation is.
"""
