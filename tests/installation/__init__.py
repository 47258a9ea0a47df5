"""The packages as strangers get them: built, and installed without the repository."""
