"""Settings of the api beyond those that other services read too."""

from pydantic import Field

from services.common.settings import ApiSettings

__all__ = ["Settings"]


class Settings(ApiSettings):
    """What the api needs to know."""

    demo: bool = Field(default=False, description="Say on the page that the data are simulated")
    ruleset: str = Field("766-portal-2026", description="Rule set that is shown when none is asked for")
    stream_patience: float = Field(
        30, gt=0, description="Seconds that a listener of /v1/stream may take nothing before it is cut off"
    )
    session_secret: str | None = Field(
        default=None,
        min_length=16,
        description="Signs the sessions of people who signed in with a read key; unset: they end with the process",
        repr=False,
        json_schema_extra={"secret": True},
    )
    cors_origins: list[str] = Field(
        default=[],
        description='Origins whose pages may read what needs no key, JSON list; ["*"]: any. They can send no key or cookie',
    )
