"""What a dossier counts for: plain records and pure functions. No Faust, no I/O, no clock.

The way of an event: `facts` (the last event of each kind holds) → `owner` (whose events count) → `life` (what they mean at a moment:
receipt, end, due moment, waiting) → `contributions` (what that adds to which unit on which day).
"""
