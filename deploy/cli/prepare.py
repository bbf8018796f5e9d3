"""`nhip prepare`: for stacks that are not embedded (containers, Kubernetes)."""

from deploy.cli.console import out, plain_errors, run
from deploy.cli.storage import storage_settings
from deploy.prepare import prepare as prepare_storage

__all__ = ["prepare"]


def prepare() -> None:
    """Bring PostgreSQL's tables and Kafka's topics up to date (`nhip up` does it by itself)."""
    with plain_errors():
        run(prepare_storage(storage_settings()))
    out.print("PostgreSQL and Kafka are prepared")
