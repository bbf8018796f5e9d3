"""The archive: what the scorer knows of dossiers and counts, written into PostgreSQL for people and SQL. Nobody waits for it.

It is no Faust app: it writes nothing to Kafka and shares its work with nobody, and how far it is lies in PostgreSQL, in the transaction of
what was written. A plain consumer of all partitions is all that it needs.
"""
