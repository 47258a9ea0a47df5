"""Instances: what describes one, how it is found, made, connected and shown.

An instance is a database, a storage root and their names. Knows files (`lamin.toml`, the settings directory) and opens databases;
knows no registries.
"""
