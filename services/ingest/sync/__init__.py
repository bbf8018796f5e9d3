"""Payloads that one-stop systems already send to the national portal, taken as they are (`events_and_measures.md`, section 4).

`payload` says which fields are read at all, `dossier` and `progress` what they become, `routes` how a request is answered.
"""
