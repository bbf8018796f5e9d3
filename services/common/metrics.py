"""Every metric of the product, declared once, with its meaning beside it.

A name is `nhip_SERVICE_…` and ends with what is counted (`_events`) or with the base unit (`_seconds`, `_bytes`); a counter's ends with
`_total`, a moment's, in seconds since 1970, with `_timestamp_seconds`. A state is 1 while it lasts. Labels have few values, never a dossier
or a key; units are labels of the api's `nhip_api_unit_…` and `nhip_api_system_…` alone.
`python -m deploy.metrics` makes docs/metrics.md of this module.
"""

from typing import Final

from services.common.exposition import ServiceMetrics

_FAST: Final = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 10, 60)
_TOGETHER: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_REQUEST: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)

# Ingest.

INGEST: Final = ServiceMetrics("ingest")

INGEST_EVENTS: Final = INGEST.counter(
    "nhip_ingest_events_total",
    "Events by outcome: accepted (Kafka has them) or rejected (a record of /v1/sync counts as one); dry runs are not counted",
    "outcome",
)
INGEST_REJECTIONS: Final = INGEST.counter(
    "nhip_ingest_rejections_total", "Rejected events by code (docs/events.md, docs/sync.md)", "code"
)
INGEST_REQUEST_EVENTS: Final = INGEST.histogram(
    "nhip_ingest_request_events",
    "Events that came together, in one request",
    buckets=_TOGETHER,
)
INGEST_UNCONFIRMED_EVENTS: Final = INGEST.counter(
    "nhip_ingest_unconfirmed_events_total", "Good events that Kafka did not confirm in time; their senders got a 503"
)
INGEST_LOST_DEAD_LETTERS: Final = INGEST.counter(
    "nhip_ingest_lost_dead_letters_total", "Rejected events that could not be kept on rejected-events"
)
INGEST_IN_FLIGHT_EVENTS: Final = INGEST.gauge(
    "nhip_ingest_in_flight_events", "Events that are being checked or wait for Kafka's confirmation"
)
INGEST_POSTGRES_AWAY: Final = INGEST.gauge(
    "nhip_ingest_postgres_away", "1 while PostgreSQL does not answer and only keys in memory are known"
)
INGEST_REQUEST_SECONDS: Final = INGEST.histogram(
    "nhip_ingest_request_seconds", "Time from a request to its answer, by status", "status", buckets=_REQUEST
)

# Scorer. The numbers of a partition are shown by the worker that has it.

SCORER: Final = ServiceMetrics("scorer")

SCORER_EVENTS: Final = SCORER.counter(
    "nhip_scorer_events_total", "Events folded; those that come again after a crash are counted again"
)
SCORER_POISON_RECORDS: Final = SCORER.counter(
    "nhip_scorer_poison_records_total",
    "Records of event topics that are no events, by code; they go to rejected-events",
    "code",
)
SCORER_DUPLICATE_EVENTS: Final = SCORER.counter(
    "nhip_scorer_duplicate_events_total", "Events that changed nothing: the same event was known"
)
SCORER_SUPERSEDED_EVENTS: Final = SCORER.counter(
    "nhip_scorer_superseded_events_total",
    "Events that changed nothing because they came out of order: of their kind a later one about the same subject holds already",
)
SCORER_LATE_ARRIVING_EVENTS: Final = SCORER.counter(
    "nhip_scorer_late_arriving_events_total", "Events that came to Kafka more than a day after their `time`"
)
SCORER_NOTICES: Final = SCORER.counter(
    "nhip_scorer_notices_total",
    "Notices made, by kind: late, due_soon; those of a transaction that failed are counted again when they are made again",
    "kind",
)
SCORER_TIMERS: Final = SCORER.gauge(
    "nhip_scorer_timers", "Subjects that change by themselves at a moment ahead, by partition", "partition"
)
SCORER_BATCH_EVENTS: Final = SCORER.histogram(
    "nhip_scorer_batch_events",
    "Events that were folded together, as one batch",
    buckets=_TOGETHER,
)
SCORER_INBOX_SECONDS: Final = SCORER.histogram(
    "nhip_scorer_inbox_seconds",
    "How long the first event of a batch had been fetched before it was folded: behind timers, batches and commits",
    buckets=_FAST,
)
SCORER_FOLD_SECONDS: Final = SCORER.histogram("nhip_scorer_fold_seconds", "Time to fold a batch", buckets=_FAST)
SCORER_TRANSACTION_SECONDS: Final = SCORER.histogram(
    "nhip_scorer_transaction_seconds", "Time from the beginning of a commit to its confirmation", buckets=_FAST
)
SCORER_WRITTEN_RECORDS: Final = SCORER.counter(
    "nhip_scorer_written_records_total", "Records written to changelogs and other topics"
)
SCORER_PARTITIONS: Final = SCORER.gauge("nhip_scorer_partitions", "Partitions that this worker scores")
SCORER_LOADED_RECORDS: Final = SCORER.counter(
    "nhip_scorer_loaded_records_total", "Records read from changelogs when a partition was taken over"
)
SCORER_LOAD_SECONDS: Final = SCORER.histogram(
    "nhip_scorer_load_seconds", "Time to load a partition's state", buckets=(0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60)
)
SCORER_LAG_EVENTS: Final = SCORER.gauge(
    "nhip_scorer_lag_events", "Events that wait, in Kafka and in memory, by partition", "partition"
)
SCORER_LAG_SECONDS: Final = SCORER.gauge(
    "nhip_scorer_lag_seconds",
    "How long ago the oldest event that waits came to Kafka, by partition; 0 while none waits",
    "partition",
)
SCORER_MOVED_TIMESTAMP: Final = SCORER.gauge(
    "nhip_scorer_moved_timestamp_seconds",
    "Moment when a partition's state was last loaded, or events of it read, made anew or committed; stands still while nothing comes",
    "partition",
)
SCORER_COMMITTED_TIMESTAMP: Final = SCORER.gauge(
    "nhip_scorer_committed_timestamp_seconds",
    "Moment of a partition's last committed transaction; an idle one makes one a second, unless NHIP_NOW fixes the clock",
    "partition",
)
SCORER_CLOCK_TIMESTAMP: Final = SCORER.gauge(
    "nhip_scorer_clock_timestamp_seconds", "Moment up to which a partition has applied time", "partition"
)

# Archive.

ARCHIVE: Final = ServiceMetrics("archive")

ARCHIVE_LAG_RECORDS: Final = ARCHIVE.gauge(
    "nhip_archive_lag_records",
    "Records of Kafka that PostgreSQL has not yet, by part: dossiers, events, days; transaction markers count as records",
    "part",
)
ARCHIVE_LAG_SECONDS: Final = ARCHIVE.gauge(
    "nhip_archive_lag_seconds",
    "Age of the latest end of the topics that was reached: about a second while all goes well, growing while PostgreSQL or Kafka is away",
)
ARCHIVE_AS_OF_TIMESTAMP: Final = ARCHIVE.gauge(
    "nhip_archive_as_of_timestamp_seconds", "Moment up to which all partitions are archived; 0 before any is"
)
ARCHIVE_POSTGRES_AWAY: Final = ARCHIVE.gauge(
    "nhip_archive_postgres_away", "1 while PostgreSQL cannot be written to; the archive waits, nobody else does"
)
ARCHIVE_BATCHES: Final = ARCHIVE.counter("nhip_archive_batches_total", "Batches written, each in one transaction")
ARCHIVE_WRITTEN_ROWS: Final = ARCHIVE.counter(
    "nhip_archive_written_rows_total", "Rows of PostgreSQL that changed; what was there already is not written again"
)
ARCHIVE_READ_RECORDS: Final = ARCHIVE.counter(
    "nhip_archive_read_records_total", "Records read, those that are read again included, by part", "part"
)
ARCHIVE_WRITE_SECONDS: Final = ARCHIVE.histogram(
    "nhip_archive_write_seconds", "Time to write a batch into PostgreSQL", buckets=_FAST
)

# Notices.

NOTICES: Final = ServiceMetrics("notices")

NOTICES_LAG_RECORDS: Final = NOTICES.gauge(
    "nhip_notices_lag_records", "Records of Kafka that are in no digest yet; transaction markers count as records"
)
NOTICES_LAG_SECONDS: Final = NOTICES.gauge(
    "nhip_notices_lag_seconds",
    "Age of the latest end of the topics that was reached: about a second while all goes well, growing while PostgreSQL or Kafka is away",
)
NOTICES_POSTGRES_AWAY: Final = NOTICES.gauge(
    "nhip_notices_postgres_away", "1 while PostgreSQL cannot be written to: nothing is posted"
)
NOTICES_GATHERED: Final = NOTICES.counter(
    "nhip_notices_gathered_notices_total", "Notices put into digests; one that two webhooks are told of counts twice"
)
NOTICES_POSTED: Final = NOTICES.counter(
    "nhip_notices_posted_digests_total",
    "Digests posted, by outcome: delivered, failed (posted again, or dead after the last), gone (410: the webhook goes out of force)",
    "outcome",
)
NOTICES_TOLD: Final = NOTICES.counter(
    "nhip_notices_told_dossiers_total", "Dossiers told that somebody knows of their lateness (nhip.dossier.notified)"
)
NOTICES_WAITING_DIGESTS: Final = NOTICES.gauge(
    "nhip_notices_waiting_digests", "Digests that gather, or wait for a (further) try"
)
NOTICES_OLDEST_SECONDS: Final = NOTICES.gauge(
    "nhip_notices_oldest_seconds",
    "Age of the oldest digest that gathers no more and has not been taken, since its first notice; 0 while none waits",
)
NOTICES_FAILED_DIGESTS: Final = NOTICES.gauge(
    "nhip_notices_failed_digests", "Digests that nobody took, to the last try (`nhip notices list --dead`)"
)
NOTICES_POST_SECONDS: Final = NOTICES.histogram(
    "nhip_notices_post_seconds", "Time from posting a digest to the answer", buckets=_FAST
)

# Api.

API: Final = ServiceMetrics("api")

API_ROWS: Final = API.counter("nhip_api_rows_total", "Rows of the changelog put into the cube")
API_BATCHES: Final = API.counter("nhip_api_batches_total", "Batches of whole transactions put into the cube")
API_APPLY_SECONDS: Final = API.histogram("nhip_api_apply_seconds", "Time to put a batch into the cube", buckets=_FAST)
API_RECONNECTS: Final = API.counter(
    "nhip_api_reconnects_total", "Times that the reader of the changelog was replaced (broker away or silent)"
)
API_AS_OF_TIMESTAMP: Final = API.gauge(
    "nhip_api_as_of_timestamp_seconds",
    "Moment up to which all partitions are shown (`as_of`); NaN before any is. Its age is that of the scores",
)
API_CLOCK_FIXED: Final = API.gauge(
    "nhip_api_clock_fixed", "1 while NHIP_NOW fixes the clock: as_of then stands still on purpose"
)
API_LAG_EVENTS: Final = API.gauge(
    "nhip_api_lag_events",
    "Events that Kafka has and the cube has not, by partition: they wait for a scorer or for this api",
    "partition",
)
API_COUNTED_EVENTS: Final = API.gauge(
    "nhip_api_counted_events", "Events that the cube has, by partition: it grows with whatever scorer", "partition"
)
API_EVENT_AGE_SECONDS: Final = API.histogram(
    "nhip_api_event_age_seconds",
    "From the arrival of an event in Kafka to its being in the cube, of the oldest event of a transaction of the scorer",
    buckets=(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600),
)
_OF_UNIT: Final = ("unit", "province")
API_UNIT_OPEN_DOSSIERS: Final = API.family(
    "nhip_api_unit_open_dossiers", "gauge", "Dossiers of a unit, without those below it, that are open", *_OF_UNIT
)
API_UNIT_OVERDUE_DOSSIERS: Final = API.family(
    "nhip_api_unit_overdue_dossiers", "gauge", "Of these, those that are overdue", *_OF_UNIT
)
API_UNIT_DUE_SOON_DOSSIERS: Final = API.family(
    "nhip_api_unit_due_soon_dossiers", "gauge", "Of these, those that will soon be (NHIP_DUE_SOON_HOURS)", *_OF_UNIT
)
API_UNIT_LATE_DOSSIERS: Final = API.family(
    "nhip_api_unit_late_dossiers_total",
    "counter",
    "Dossiers of a unit whose due moment passed while they were open (late notices), ever, exact across restarts; history that is "
    "replayed is not counted",
    *_OF_UNIT,
)
_OF_SYSTEM: Final = ("system", "unit")
API_SYSTEM_SILENCE_SECONDS: Final = API.family(
    "nhip_api_system_silence_seconds",
    "gauge",
    "Working time since a system was last heard, by the unit of its key",
    *_OF_SYSTEM,
)
API_SYSTEM_HABIT_SECONDS: Final = API.family(
    "nhip_api_system_habit_seconds",
    "gauge",
    "The longest silence, in working time, that a system is known for; only of systems that are known well enough",
    *_OF_SYSTEM,
)
API_REVISION: Final = API.gauge("nhip_api_revision", "Revision of the cube: grows with every transaction")
API_CUBE_BYTES: Final = API.gauge("nhip_api_cube_bytes", "Memory set aside for the cube's arrays, by part", "part")
API_CUBE_ROWS: Final = API.gauge("nhip_api_cube_rows", "Rows of which the cube is made")
API_POSTGRES_AWAY: Final = API.gauge(
    "nhip_api_postgres_away",
    "1 while PostgreSQL does not answer: dossiers and findings cannot be read, counts and scores can",
)
API_REQUEST_SECONDS: Final = API.histogram(
    "nhip_api_request_seconds",
    "Time from a request to its answer, by route and status",
    "route",
    "status",
    buckets=_REQUEST,
)
API_LISTENERS: Final = API.gauge("nhip_api_listeners", "Connections to /v1/stream that are open now")
API_TOLD_EVENTS: Final = API.counter("nhip_api_told_events_total", "Events sent to listeners of /v1/stream")
API_DROPPED_LISTENERS: Final = API.counter(
    "nhip_api_dropped_listeners_total", "Listeners that were left because they took nothing for too long"
)

SERVICES: Final = (INGEST, SCORER, ARCHIVE, NOTICES, API)
"""All of them, in the order of an event's way."""
