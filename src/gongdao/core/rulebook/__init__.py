"""Rulebooks (规则书): dated, cited rules as data, and the reading of them."""
