"""Where the running stack is: what its state file says, else the settings."""

from dataclasses import dataclass
from typing import Final

import msgspec

from services.common.settings import ApiSettings, CommonSettings, IngestSettings

__all__ = ["Running", "reach"]

STATE: Final = "stack.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Addresses of the running stack."""

    ingest: str
    api: str
    kafka: str
    timezone: str


def reach() -> Running:
    """The embedded stack that runs under NHIP_HOME; without one the addresses of the settings (`NHIP_…`)."""
    raise NotImplementedError(msgspec, ApiSettings, CommonSettings, IngestSettings)
