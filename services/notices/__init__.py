"""Tells offices of their late dossiers: notices from Kafka become digests in PostgreSQL, and those are posted to webhooks.

The way of a notice: `reading` (Kafka) → `gathering` (into a digest) → `outbox` (what is due) → `posting` (to the webhook) → `telling` (the
dossier hears that somebody knows), and months later `forgetting`.
"""
