"""Where Kafka and PostgreSQL are, and by which clock and calendar: as the running embedded stack has it, else as the settings say."""

from pathlib import Path

from deploy.local.home import Home
from services.common.settings import CommonSettings

__all__ = ["storage_settings"]


def storage_settings() -> CommonSettings:
    """The settings, with the addresses, zone, calendar and clock of the stack that runs under NHIP_HOME where one does."""
    settings = CommonSettings()
    state = Home(settings.home).running()
    if state is None:
        return settings
    return CommonSettings(
        kafka_bootstrap=state.kafka_bootstrap,
        database_url=state.database_url,
        timezone=state.timezone,
        now=state.now,
        working_hours=state.working_hours,
        unit_hours=state.unit_hours,
        working_days=None if state.working_days is None else Path(state.working_days),
    )
