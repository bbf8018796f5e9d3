"""`python -m services.ingest`: take events in until SIGTERM."""

from services.common.process import log_to_stderr, serve, settings_of
from services.common.settings import IngestSettings
from services.ingest.app import create_app

__all__ = ["main"]

GRACE_SECONDS = 15


def main() -> None:
    """Run the service."""
    settings = settings_of(IngestSettings)
    log_to_stderr(settings)
    serve(create_app(settings), settings.host, settings.port, GRACE_SECONDS)


if __name__ == "__main__":
    main()
