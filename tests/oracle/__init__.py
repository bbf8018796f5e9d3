"""A second, independent count: slow and obvious, by the definitions of CONTRACT section 2 and the measures' meanings.

It shares the unit tree with the product and nothing else: it reads what was *sent*, asks at single instants what is true of a dossier,
and never books, sorts or adds up spans as the product does. Read `said` (what was sent), `log`, `story` (one dossier as of now), `recount`;
`families`; and for Decision 766 `indicators`.
"""
