"""How an engine runs: every interval and limit in one frozen value."""

from dataclasses import dataclass

__all__ = ["EngineSettings"]


@dataclass(frozen=True, kw_only=True)
class EngineSettings:
    """Durations are seconds."""

    app_id: str
    """Faust's application id: the consumer group, and the prefix of changelog topics and transactional ids."""
    bootstrap: str
    """Kafka's address, `host:port` (several: comma between)."""

    min_commit_interval: float = 0.02
    """Two commits of a partition begin at least this far apart, also when it is quiet."""
    max_commit_interval: float = 0.5
    """Under load, what was folded is committed after this time at the latest."""
    tick_interval: float = 0.1
    """How often the job's `tick` is called."""
    max_batch: int = 5_000
    """At most so many records go to one `fold`; it bounds how long the event loop stands still."""
    max_pending: int = 20_000
    """A partition with so many fetched records waiting is not fetched further (back-pressure)."""

    session_timeout: float = 10.0
    """Without a heartbeat for so long, the group gives a worker's partitions to others."""
    heartbeat_interval: float = 2.0
    rebalance_timeout: float = 20.0
    """How long the group waits in a rebalance until a worker has finished, committed and joined again."""
    request_timeout: float = 40.0
    metadata_age: float = 5.0
    """How old the consumer's knowledge of topics may be. A broker that has just started may say for a moment that it
    has no such topic; the group's leader then gives nobody any partition until it asks again (default: 5 minutes)."""
    transaction_timeout: float = 15.0
    """The broker aborts a transaction that is open for longer and fences its producer."""

    fetch_bytes: int = 4 << 20
    """At most so many bytes of one partition come with one fetch."""
    fetch_wait: float = 0.1
    """How long the broker holds an empty fetch back. A partition with room again waits as long, at worst."""

    catch_up_wait: float = 5.0
    """A job that is behind what lay in Kafka at the start counts as caught up after so long without a record: the last ones may
    be markers of transactions, which no consumer is shown."""

    stall_unready_after: float = 20.0
    """A partition that should move and does not makes the worker unready."""
    stall_end_after: float = 60.0
    """... and then ends it; more than `rebalance_timeout`, or a slow colleague in a rebalance would end us all."""
    stop_timeout: float = 20.0
    """A worker that was asked to end and has not committed and left by then (no Kafka, say) ends all the same."""
    blocked_end_after: float = 300.0
    """The process ends when its event loop has stood still for so long (all stacks are printed)."""
