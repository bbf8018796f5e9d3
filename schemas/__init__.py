"""What the services agree on: events, codes, moments, measures, rows, the unit tree, rule sets.

Everything here is plain data and pure functions; no framework, no I/O, no clock (import-linter holds that).
"""
