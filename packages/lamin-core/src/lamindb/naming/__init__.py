"""Names of things: which values are names of records, how others are spelled, and what public sources know beyond the database.

This room works on query sets handed to it. It reads names and never makes or changes a record.
"""
