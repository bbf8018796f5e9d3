"""Documents are worked out once a state of the cube."""

import json
from collections.abc import Callable

from schemas.moments import Zone
from schemas.rows import Progress, day_key, encode_counters
from services.api.cube.cube import Cube
from services.api.documents.kept import Document, Kept, Made, Stamp


def count(cube: Cube, day: int, received: int) -> None:
    rows = {day_key(0, "A", day): encode_counters({"": {0: received}})}
    cube.apply(0, rows, Progress(partition=0, offsets={}, clock=5_000_000, made_by=""), 9)


def make(kept: Kept, cube: Cube, work: Callable[..., Document], key: str = "a") -> Made:
    with cube.reading() as reading:
        return kept.make(key, reading, work)


def test_a_document_is_made_once_until_something_is_counted():
    kept, cube, made = Kept(), Cube(), []

    def work(_: object) -> Document:
        made.append(1)
        return {"open": len(made)}

    count(cube, 20_000, 1)
    first = make(kept, cube, work)
    assert make(kept, cube, work) is first
    count(cube, 20_000, 1)  # the same row again: nothing was counted
    assert kept.find("a", cube.state.version) is first
    count(cube, 20_000, 2)
    assert kept.find("a", cube.state.version) is None
    assert make(kept, cube, work).document == {"open": 2}


def test_the_stamp_is_added_to_what_is_kept():
    cube = Cube()
    count(cube, 20_000, 1)
    made = make(Kept(), cube, lambda _: {"open": 3})
    whole = json.loads(made.with_stamp(Stamp(cube.state, Zone("UTC"))))
    assert whole == {"open": 3, "as_of": "1970-01-01T00:00:05+00:00", "revision": 9}


def test_no_more_than_there_is_room_for_is_kept():
    kept, cube = Kept(room=20), Cube()
    for key in ("a", "b", "c", "c"):
        make(kept, cube, lambda _: {"open": 1}, key)  # ten bytes
    assert [kept.find(key, cube.state.version) is None for key in ("a", "b", "c")] == [True, False, False]
    make(kept, cube, lambda _: {"open": 10**40}, "large")
    assert [kept.find(key, cube.state.version) is None for key in ("b", "c", "large")] == [True, True, False]
