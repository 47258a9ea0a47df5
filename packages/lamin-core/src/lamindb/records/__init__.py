"""Records: construction, identity, saving, deleting, versions, relations.

A record is an ordinary object, never attached to a session. This room knows the query room and the catalog;
it knows nothing of bytes, features or lineage.
"""
