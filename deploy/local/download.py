"""What the first start on a machine does once: fetch Kafka's jars, and train the JVM to start Kafka quickly.

The JVM keeps what it learnt of Kafka's classes in a file (an AOT cache, JEP 514); with it the broker is up in less
than half the time and half the CPU.
"""

import sys
import tempfile
import time
from pathlib import Path

from deploy.local.jars import are_cached, kafka_jars, quick_start_file
from deploy.local.kafka import Kafka
from deploy.local.process import StackError

__all__ = ["is_needed"]

SAY_EVERY_SECONDS = 2.0
NAME = "kafka"


def is_needed() -> bool:
    """Whether something of it is not there yet."""
    return not (are_cached() and quick_start_file().exists())


class _Training(Kafka):
    """A broker whose JVM writes down, when it ends, what it loaded."""

    PATIENCE_SECONDS = 180  # writing takes seconds of both cores

    def __init__(self, home: Path, output: Path) -> None:
        super().__init__(home)
        self._output = output

    def _quick_start(self) -> list[str]:
        return [f"-XX:AOTCacheOutput={self._output}"]


def train() -> None:
    """Make the file for quick starts. Where the JVM cannot, an empty one says that it need not be tried again."""
    with tempfile.TemporaryDirectory(prefix="nhip-") as folder:
        output = Path(folder) / "kafka.aot"
        broker = _Training(Path(folder) / "kafka", output)
        broker.start()
        broker.stop()
        output.touch()
        new = quick_start_file().with_suffix(f".{broker.pid}")
        new.write_bytes(output.read_bytes())  # the folder may lie on another file system
        new.replace(quick_start_file())


def main() -> int:
    """`python -m deploy.local.download`: do both, saying how far it is; exit code 1 with one line where that fails."""
    said = 0.0

    def say(done: int, all_of_them: int) -> None:
        nonlocal said
        if time.monotonic() - said > SAY_EVERY_SECONDS or done == all_of_them:
            said = time.monotonic()
            print(f"{done} of {all_of_them} files", flush=True)

    try:
        kafka_jars(say)
        if not quick_start_file().exists():
            print("preparing quick starts", flush=True)
            train()
    except StackError as error:
        print(error, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
