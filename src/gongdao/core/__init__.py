"""The pure part of gongdao: rules, processes, cases, remedies.

Standard library only. Nothing here reads a clock, a file, the network or a random source,
so every answer can be computed again, byte for byte, from what was recorded.
"""
