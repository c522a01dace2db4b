"""Engines (引擎): where a compiled table runs. Each writes the answers of one file to another."""
