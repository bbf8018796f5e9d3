"""The demo province: simulated one-stop systems that use nothing but the public door (keys, HTTP).

Who works there is in `office` and `procedures`. What becomes of a dossier is in `life`; `days` says what comes in on working days,
`live` what comes in while somebody watches, `waves` when an office is overwhelmed. `stream` sends all of it, each event when its moment
has come. Everything is drawn from seeds: the same dossier has the same fate at every start, so that a second start goes on instead of
doubling. Further kinds of events are further happenings.
"""
