"""Why an event is not taken: a code for programs, a detail for people, and never a value that could be personal."""

import re
from typing import Final

CODES: Final = {
    "bad_json": "not JSON, or not UTF-8",
    "bad_envelope": "an attribute of the CloudEvent is missing or wrong",
    "unknown_type": "no such event type, or one of a family that is not taken yet",
    "bad_data": "a field of `data` is missing or wrong",
    "bad_moment": "not a moment, a bare date where a moment is needed, `time` without an offset, or before 1900",
    "in_the_future": "`time`, or a moment other than a due one, lies more than 5 minutes after now",
    "unknown_unit": "a unit code that is not in the unit tree",
    "foreign_unit": "the event names a unit that the key may not speak for",
}
"""Every code of a rejection, and what it means."""

_PLAIN = re.compile(r"[A-Za-z0-9._/-]{1,64}", re.ASCII)
_TYPE = re.compile(r"'([a-z0-9._]{1,64})'", re.ASCII)


class Rejected(ValueError):
    """An event that is not taken.

    Args:
        code: one of `CODES`.
        detail: what is wrong and what to do, in English; quotes no value that could be personal.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


def shown(code: str) -> str:
    """A code for use in a detail; what does not look like a code (it could be a name) is not repeated."""
    return repr(code) if _PLAIN.fullmatch(code) else "(not written like a code)"


def rejection(message: str) -> Rejected:
    """The rejection for what msgspec found wrong; of its message only the place and the rule are used, never a value."""
    what, _, place = message.partition(" - at ")
    if "`$.type`" in place:
        named = _TYPE.search(what)
        which = repr(named[1]) if named else "this type"
        return Rejected("unknown_type", f"type: {which} is not taken; the types are listed in docs/events.md")
    what = "not one of the allowed values" if what.startswith("Invalid enum value") else what
    if "$.data" in place:
        return Rejected("bad_data", f"{place.replace('`', '').replace('$.', '')}: {what}")
    if "field `data`" in what:
        return Rejected("bad_data", "the field `data` is missing")
    return Rejected("bad_envelope", f"{place.strip('`').removeprefix('$.').strip('$') or 'event'}: {what}")
