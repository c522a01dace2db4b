"""Adjudication (判责): from facts found to a ruling that cites its clauses.

A person establishes facts; the rulebook decides. Whoever departs from it overrules, by name.
"""
