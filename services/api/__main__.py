"""`python -m services.api`: answer until SIGTERM."""

from services.api.app import create_app
from services.api.settings import Settings
from services.common.process import log_to_stderr, serve, settings_of

__all__ = ["main"]

GRACE_SECONDS = 5


def main() -> None:
    """Run the service."""
    settings = settings_of(Settings)
    log_to_stderr(settings)
    app = create_app(settings)

    def end_streams() -> None:
        hub = getattr(app.state, "hub", None)  # not yet, while it starts
        if hub is not None:
            hub.end()

    serve(app, settings.host, settings.port, GRACE_SECONDS, on_stop=end_streams)


if __name__ == "__main__":
    main()
