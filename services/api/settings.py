"""Settings of the api beyond those that other services read too."""

import re
from typing import Annotated, Final

import msgspec
from pydantic import Field, field_validator
from pydantic_settings import NoDecode

from services.common.settings import SECRET, ApiSettings

__all__ = ["Settings"]

_NUMBER: Final = re.compile(r"\d+(\.\d+)?", re.ASCII)


class Settings(ApiSettings):
    """What the api needs to know."""

    demo: bool = Field(default=False, description="Say on the page that the data are simulated")
    ruleset: str = Field("766-portal-2026", description="Rule set that is shown when none is asked for")
    evaluation_bands: str = Field(
        default="",
        description="Bands of the yearly evaluation, LEAST=NAME with commas between, such as 80=Tốt,90=Xuất sắc; "
        "no law sets them for Decision 766",
    )
    stream_patience: float = Field(
        30, gt=0, description="Seconds that a listener of /v1/stream may take nothing before it is cut off"
    )
    session_secret: str | None = Field(
        default=None,
        min_length=16,
        description="Signs the sessions of people who signed in with a read key; unset: they end with the process",
        repr=False,
        json_schema_extra=SECRET,
    )
    cors_origins: Annotated[list[str], NoDecode] = Field(
        default=[],
        description='Origins whose pages may read what needs no key, JSON list; ["*"]: any. They can send no key or cookie',
    )

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _origins_are_a_list(cls, given: str | list[str]) -> list[str]:
        try:
            return msgspec.json.decode(given, type=list[str]) if isinstance(given, str) else given
        except msgspec.DecodeError:
            raise ValueError('a JSON list, such as ["https://dashboard.example"]') from None

    @field_validator("evaluation_bands")
    @classmethod
    def _bands_are_bands(cls, text: str) -> str:
        _bands_of(text)
        return text

    @property
    def bands(self) -> list[tuple[float, str]]:
        """Totals from which each band begins, rising."""
        return _bands_of(self.evaluation_bands)


def _bands_of(text: str) -> list[tuple[float, str]]:
    """The bands of a text.

    Raises:
        ValueError: it has others than LEAST=NAME.
    """
    bands = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        least, _, name = part.partition("=")
        if _NUMBER.fullmatch(least.strip()) is None or not name.strip():
            raise ValueError(f"{part!r} is no band; write LEAST=NAME, such as 80=Tốt")
        bands.append((float(least), name.strip()))
    return sorted(bands)
