"""Proof (证明): rulebooks as formulas of a solver, so that what holds, holds for every case.

A finding of this room is never a guess: each counterexample is turned back into facts and answered
by the ordinary evaluation before it is reported.
"""
