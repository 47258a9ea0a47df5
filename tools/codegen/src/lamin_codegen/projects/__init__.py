"""Modules as projects of their own: scaffolding one, finding one, checking and exporting what its `schema.yaml` declares."""
