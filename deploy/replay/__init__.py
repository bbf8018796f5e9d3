"""Replay: a CSV or NDJSON file, sent as events through the public door of the running stack.

In the order of the way: `reading` (lines of a file), `mapping` with `values` (rows become events), `pace` (as fast as event time),
`sending` (requests with back-off), `outcome` (what was taken and what was not).
"""
