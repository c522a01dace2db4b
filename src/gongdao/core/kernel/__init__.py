"""Words that every other part of the core is written in: money, time, text, findings."""
