"""A rule set as small as it can be, to be spoilt or changed by tests."""

SMALL = """\
id: small
name: {vi: Nhỏ, en: Small}
law: none
status: draft
max: 12
rounding: {decimals: 2, source: none}
sources: {none: made up}
definitions:
  handled: {formula: ended + open, source: none}
groups:
  - code: A
    name: {vi: Một, en: One}
    source: none
    max: 12
    rounding: indicator
    indicators:
      - code: "1"
        name: {vi: Đúng hạn, en: On time}
        source: none
        numerator: ended_on_time
        denominator: handled
        max: 10
        curve: linear
        no_data: null
      - code: "2"
        name: {vi: Trực tuyến, en: Online}
        source: none
        numerator: received_online
        denominator: received
        max: 2
        curve: linear
        no_data: 0
"""


def changed(old: str, new: str) -> str:
    """The small rule set with one place changed."""
    assert SMALL.count(old) == 1, old
    return SMALL.replace(old, new)


def line_of(text: str, part: str) -> int:
    """The line, from 1, on which something first stands."""
    return text[: text.index(part)].count("\n") + 1
