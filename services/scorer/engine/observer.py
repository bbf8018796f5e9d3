"""What an engine tells of its work, so that a service can count it; the engine itself knows no metrics library."""

from collections.abc import Collection, Mapping

__all__ = ["Observer"]


class Observer:
    """Override what you want to hear. Called on the event loop, amid the work: return quickly. Durations are seconds."""

    def assigned(self, partitions: Collection[int]) -> None:
        """The group has given this worker exactly these partitions."""

    def loaded(self, partition: int, records: int, seconds: float) -> None:
        """A partition's state has been read from the changelogs."""

    def moved(self, partition: int) -> None:
        """A partition is alive: it was loaded, read, made anew or committed further. Idle progress rows do not count."""

    def batch(self, partition: int, records: int, seconds: float, waited: float) -> None:
        """A batch has been folded; its first record had `waited` here for ticks, batches before it and commits."""

    def written(self, partition: int, records: int) -> None:
        """A transaction is open and the broker has all its records; it is not committed yet."""

    def committed(self, partition: int, offsets: Mapping[str, int], records: int, seconds: float) -> None:
        """A transaction is done: `offsets` are the next ones to read, by topic; `seconds` since it was begun."""

    def lag(self, partition: int, records: int, seconds: float) -> None:
        """So many records of the input topics are waiting, in the broker and here; the oldest that is not committed for so long."""
