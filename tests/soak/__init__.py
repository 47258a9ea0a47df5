"""Many processes that write to one database at once, some of which die: what was acknowledged is there, and nothing is twice."""
