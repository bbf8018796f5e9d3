"""Every metric of ingest, with its meaning beside it."""

from prometheus_client import Counter, Gauge, Histogram

__all__ = ["EVENTS", "IN_FLIGHT", "LOST_LETTERS", "POSTGRES_AWAY", "REJECTIONS", "SECONDS", "UNCONFIRMED"]

EVENTS = Counter(
    "nhip_ingest_events", "Events by outcome: accepted (Kafka has them) or rejected; dry runs not counted", ["outcome"]
)
REJECTIONS = Counter("nhip_ingest_rejections", "Rejected events by code (docs/events.md)", ["code"])
UNCONFIRMED = Counter(
    "nhip_ingest_unconfirmed_events", "Good events that Kafka did not confirm in time; their senders got a 503"
)
LOST_LETTERS = Counter("nhip_ingest_lost_dead_letters", "Rejected events that could not be kept on rejected-events")
IN_FLIGHT = Gauge("nhip_ingest_events_in_flight", "Events that are being checked or wait for Kafka's confirmation")
POSTGRES_AWAY = Gauge(
    "nhip_ingest_postgres_away", "1 while PostgreSQL does not answer and only keys in memory are known"
)
SECONDS = Histogram(
    "nhip_ingest_request_seconds",
    "Seconds from the request to its answer, by status",
    ["status"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20),
)
