"""Measuring programs (性能): every claim of speed, as a ratio measured in one run."""
