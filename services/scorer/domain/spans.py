"""Spans of time and the clock that they stop. A span is half open, [start, end); an end of `FOREVER` is not known yet."""

from typing import Final

FOREVER: Final = 1 << 62
"""Later than any moment."""

Span = tuple[int, int]


def united(spans: list[Span]) -> list[Span]:
    """The same time as spans that neither overlap nor touch, in order; empty ones are left out."""
    if len(spans) < 2:
        return [span for span in spans if span[0] < span[1]]
    whole: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if whole and start <= whole[-1][1]:
            if end > whole[-1][1]:
                whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole


def without(span: Span, holes: list[Span]) -> list[Span]:
    """What is left of a span once `holes` (united) are taken out."""
    start, end = span
    left: list[Span] = []
    for hole_start, hole_end in holes:
        if hole_start >= end:
            break
        if hole_start > start:
            left.append((start, hole_start))
        start = max(start, hole_end)
    if start < end:
        left.append((start, end))
    return left


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a moment."""
    return max(one[0], other[0]) < min(one[1], other[1])


def length(spans: list[Span], until: int) -> int:
    """How much of `spans` (united) lies before `until`, microseconds."""
    total = 0
    for start, end in spans:
        if start >= until:
            break
        total += min(end, until) - start
    return total


def clock(moment: int, stops: list[Span]) -> int:
    """A moment less the time that the clock stood still before it."""
    return moment - length(stops, moment) if stops else moment


def first_after(due: int, stops: list[Span]) -> int:
    """The first microsecond at which the clock has passed `due`; `FOREVER` if it stands still for good before."""
    moment = due + 1
    for start, end in stops:
        if start >= moment:
            break
        if end == FOREVER:
            return FOREVER
        moment += end - start
    return moment
