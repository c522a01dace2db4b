"""Simulation (模拟): what rules make of orders that really were, and of a generated market.

`grounds` reads the record of an order, `plan` says who acts when because of it, `run` carries the
plans out against the database and lets the clocks do the rest.
"""
