"""Notices: what the scorer tells when time passes a dossier's moments. Topics DOSSIER_LATE and DOSSIER_DUE_SOON, key the dossier's code.

CloudEvents 1.0 in JSON. A notice that comes twice has the same `id`: of a dossier and the moment from which on it is late. One that is
rescheduled and late again is late at another moment, and that is another notice.

A notice is news: it tells of a moment that passed while the product knew the dossier, not of what was late long before it was told of.
"""

from typing import Final, Literal

import msgspec
from msgspec import Struct

from schemas import topics
from schemas.moments import canonical

__all__ = [
    "DUE_SOON",
    "LATE",
    "SOURCE",
    "TOPICS",
    "Kind",
    "Notice",
    "NoticeData",
    "decode_notice",
    "encode_notice",
    "notice",
]

Kind = Literal["late", "due_soon"]

LATE: Final[Kind] = "late"
"""Open, and the clock has passed the due moment ("quá hạn")."""

DUE_SOON: Final[Kind] = "due_soon"
"""Open, and little working time is left until then ("sắp đến hạn"): the measure `due_soon`."""

TOPICS: Final[dict[Kind, str]] = {LATE: topics.DOSSIER_LATE, DUE_SOON: topics.DOSSIER_DUE_SOON}
SOURCE: Final = "/nhip/scorer"


class NoticeData(Struct, kw_only=True):
    """Which dossier of which unit. Moments as `canonical` writes them.

    ``due_at``: the last moment in time, the time that the clock stood still included. ``late_from``: the first moment after that.
    """

    unit: str
    procedure: str
    received_at: str
    due_at: str
    late_from: str


class Notice(Struct, kw_only=True):
    """``time``: the moment that passed: that from which on the dossier is late, or due soon."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str = SOURCE
    type: Literal["nhip.notice.late", "nhip.notice.due_soon"]
    subject: str
    time: str
    datacontenttype: Literal["application/json"] = "application/json"
    data: NoticeData

    @property
    def kind(self) -> Kind:
        """LATE or DUE_SOON."""
        return LATE if self.type == "nhip.notice.late" else DUE_SOON


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Notice)


def notice(kind: Kind, subject: str, at: int, late_from: int, *, unit: str, procedure: str, received: int) -> Notice:
    """The notice of a dossier. Moments in microseconds.

    Args:
        kind: what it tells.
        subject: the dossier's code.
        at: the moment that passed.
        late_from: the first moment at which it is late.
        unit: where the dossier lies.
        procedure: of the dossier.
        received: when it was received.
    """
    return Notice(
        id=f"{kind}/{subject}/{canonical(late_from)}",
        type="nhip.notice.late" if kind == LATE else "nhip.notice.due_soon",
        subject=subject,
        time=canonical(at),
        data=NoticeData(
            unit=unit,
            procedure=procedure,
            received_at=canonical(received),
            due_at=canonical(late_from - 1),
            late_from=canonical(late_from),
        ),
    )


def encode_notice(told: Notice) -> bytes:
    """The value of its record."""
    return _ENCODER.encode(told)


def decode_notice(raw: bytes) -> Notice:
    """What `encode_notice` wrote.

    Raises:
        msgspec.MsgspecError: it is no notice.
    """
    return _DECODER.decode(raw)
