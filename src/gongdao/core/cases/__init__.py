"""Cases (案件): an after-sale from request to the last fen, and the dispute it may become.

Read in this order: `model` (what a case is), `commands` and `events`, `decide` (what a command
leads to), `evolve` (what an event changes). Nothing else changes a case.
"""
