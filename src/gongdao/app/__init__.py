"""Use cases, one file each: one command, one transaction."""
