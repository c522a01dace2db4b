"""Remedies (处理方案): what is owed to whom, to the fen."""
