"""Processes (流程): who may do what, until when, and what happens if nobody acts."""
