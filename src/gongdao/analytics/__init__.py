"""Rulebooks over millions of rows: one definition, run by an existing engine."""
