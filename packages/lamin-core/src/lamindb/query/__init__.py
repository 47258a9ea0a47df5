"""Query sets: conditions, their scope of branches, and what comes back (records, lists, frames).

This room works on registry classes handed to it and on the catalog. It knows no record behaviour, no artifacts and no features.
"""
