"""Dates as the senders write them: four forms, in the configured zone where they have no offset."""

import re
from typing import Final

from schemas.events import Rejected
from schemas.moments import Zone, format_day, is_bare_date, parse_day, parse_moment
from services.ingest.sync.values import Value, text

__all__ = ["Dates"]

_DIGITS: Final = r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?:(?P<H>\d\d)(?P<M>\d\d)(?P<S>\d\d)?)?"
_SLASHES: Final = r"(?P<d>\d\d?)/(?P<m>\d\d?)/(?P<y>\d{4})(?: +(?P<H>\d\d?):(?P<M>\d\d)(?::(?P<S>\d\d))?)?"
_ISO_DAY: Final = r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"
_ISO_CLOCK: Final = r"(?P<H>\d\d):(?P<M>\d\d)(?::(?P<S>\d\d)(?P<fraction>\.\d+)?)?(?P<offset>[Zz]|[+-]\d\d:?[0-5]\d)?"
_FORMS: Final = [re.compile(form, re.ASCII) for form in (_DIGITS, _SLASHES, f"{_ISO_DAY}(?:[Tt ]{_ISO_CLOCK})?")]


class Dates:
    """Reads the dates of one payload into the texts of events (RFC 3339)."""

    def __init__(self, zone: Zone) -> None:
        """`zone`: the configured one."""
        self.zone = zone

    def moment(self, field: str, value: Value) -> str | None:
        """The moment of a field; None where it is empty. A day alone is its start.

        Raises:
            Rejected: no date (`bad_moment`).
        """
        written = text(value)
        return None if written is None else self._read(field, written)

    def first(self, **fields: Value) -> str | None:
        """The moment of the first field that is filled.

        Raises:
            Rejected: it is no date (`bad_moment`).
        """
        return next((moment for field, value in fields.items() if (moment := self.moment(field, value))), None)

    def due(self, field: str, value: Value) -> str | None:
        """The due moment of a field; None where it is empty. A day alone, or its midnight, means that day (to its end).

        Raises:
            Rejected: no date (`bad_moment`).
        """
        moment = self.moment(field, value)
        if moment is None:
            return None
        instant = parse_moment(moment, self.zone)
        day = self.zone.day(instant)
        return format_day(day) if instant == self.zone.start_of_day(day) else moment

    def instant(self, due: str) -> int:
        """A due text as microseconds; a day alone is its last."""
        return self.zone.end_of_day(parse_day(due)) if is_bare_date(due) else parse_moment(due, self.zone)

    def digits(self, moment: str) -> str:
        """A moment as `yyyyMMddHHmmss` of the configured zone."""
        return re.sub(r"\D", "", self.zone.format(parse_moment(moment, self.zone))[:19])

    def _read(self, field: str, written: str) -> str:
        found = next((found for form in _FORMS if (found := form.fullmatch(written))), None)
        if found is None:
            raise Rejected(
                "bad_moment", f"{field}: write it as yyyyMMddHHmmss, yyyyMMdd, dd/MM/yyyy HH:mm:ss or ISO 8601"
            )
        part = found.groupdict(default="")
        day = f"{part['y']}-{part['m']:0>2}-{part['d']:0>2}"
        moment = f"{day}T{part['H']:0>2}:{part['M']:0>2}:{part['S']:0>2}"
        offset = part.get("offset", "")
        if len(offset) == len("+0700"):
            offset = f"{offset[:3]}:{offset[3:]}"
        moment += part.get("fraction", "") + offset
        try:
            parse_moment(moment, self.zone)
        except ValueError as error:
            raise Rejected("bad_moment", f"{field}: {error}") from error
        return moment
