"""Reading files by type: one module per format, found by suffix. Must not know records, storages or databases."""
