"""Lineage: transforms, runs, and later what tracks them.

This room knows records and artifacts. It knows nothing of curation.
"""
