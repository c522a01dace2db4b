"""Rulebooks put to a solver: total, free of contradiction, no row unreachable."""
