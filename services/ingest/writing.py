"""From checked events to Kafka, and what is counted of that."""

from schemas.topics import REJECTED_EVENTS
from services.common import metrics
from services.ingest.batch import Checked
from services.ingest.service import Service

__all__ = ["write"]


async def write(service: Service, checked: Checked) -> int:
    """Write what passed and keep what did not; return how many of the good events Kafka has confirmed."""
    confirmed = 0
    if await _write_derived(service, checked):
        for topic, records in checked.records.items():
            confirmed += await service.publisher.publish(topic, records)
    metrics.INGEST_EVENTS.labels("accepted").inc(confirmed)
    metrics.INGEST_UNCONFIRMED_EVENTS.inc(checked.accepted - confirmed)
    metrics.INGEST_EVENTS.labels("rejected").inc(len(checked.rejected))
    for rejection in checked.rejected:
        metrics.INGEST_REJECTIONS.labels(rejection.code).inc()
    if checked.letters and confirmed == checked.accepted:  # else the sender comes again, and Kafka is not there anyway
        kept = await service.publisher.publish(REJECTED_EVENTS, checked.letters)
        metrics.INGEST_LOST_DEAD_LETTERS.inc(len(checked.letters) - kept)
    return confirmed


async def _write_derived(service: Service, checked: Checked) -> bool:
    """Write what follows from the events, before them: what is accepted is then never without it. Returns whether Kafka has all."""
    for topic, records in checked.derived.items():
        if await service.publisher.publish(topic, records) < len(records):
            return False
    return True
