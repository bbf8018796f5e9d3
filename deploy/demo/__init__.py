"""The demo province: simulated one-stop systems that use nothing but the public door (keys, HTTP).

Start with `life` (the fate of one dossier), then `history` (the weeks before) and `live` (from now on). Everything is drawn from seeds:
the same dossier has the same fate at every start, so that a second start goes on instead of doubling.
"""
