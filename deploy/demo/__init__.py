"""The demo province: simulated one-stop systems that use nothing but the public door (keys, HTTP).

Who works there is in `office` and `offers`, for what in `procedures`. What becomes of a dossier is in `life` and `ending`, of a petition in
`petitions`; `catalogue` says what stands before the first day, `decisions` and `reports` what comes of the government. `days` says which
dossiers come in on working days, `agenda` all that a day brings, `live` what comes while somebody watches, `waves` when an office is
overwhelmed. `stream` sends all of it, each event when its moment has come. Everything is drawn from seeds: the same dossier has the same
fate at every start, so that a second start goes on instead of doubling.
"""
