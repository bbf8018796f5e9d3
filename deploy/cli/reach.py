"""Where the running stack is: what its state file says, else the settings."""

from dataclasses import dataclass

from deploy.local.home import Home
from deploy.local.process import local_host
from services.common.settings import ApiSettings, CommonSettings, IngestSettings

__all__ = ["Running", "reach"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Addresses of a stack, and its time zone."""

    ingest: str
    api: str
    kafka: str
    timezone: str


def reach() -> Running:
    """The embedded stack that runs under NHIP_HOME; where none does, what the settings (`NHIP_…`) say."""
    settings = CommonSettings()
    host = local_host(settings.host)
    state = Home(settings.home).running()
    if state is None:
        return Running(
            ingest=f"http://{host}:{IngestSettings().port}",
            api=f"http://{host}:{ApiSettings().port}",
            kafka=settings.kafka_bootstrap,
            timezone=settings.timezone,
        )
    return Running(
        ingest=f"http://{host}:{state.ports['ingest']}",
        api=f"http://{host}:{state.ports['api']}",
        kafka=state.kafka_bootstrap,
        timezone=state.timezone,
    )
