"""ETags: strong, over the figures alone; conditional requests as RFC 9110 has them."""

import json

import pytest
from starlette.requests import Request

from schemas.moments import Zone
from schemas.rows import Progress
from services.api.cube.cube import Cube
from services.api.documents.kept import Stamp
from services.api.http.answers import answer

ZONE = Zone("UTC")


def stamp(position: int) -> Stamp:
    cube = Cube()
    cube.apply(0, {}, Progress(partition=0, offsets={}, clock=position * 1_000_000, made_by=""), position)
    return Stamp(cube.state, ZONE)


def ask(*known: str) -> Request:
    headers = [(b"if-none-match", tag.encode()) for tag in known]
    return Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": headers})


def test_the_tag_does_not_depend_on_when_the_same_figures_were_read():
    first, later = (answer(ask(), {"open": 3}, stamp(at)) for at in (1, 99))
    assert first.headers["etag"] == later.headers["etag"]
    assert first.headers["etag"].startswith('"')
    assert json.loads(later.body) == {"open": 3, "as_of": "1970-01-01T00:01:39+00:00", "revision": 99}


def test_other_figures_have_another_tag():
    assert answer(ask(), {"open": 3}, stamp(1)).headers["etag"] != answer(ask(), {"open": 4}, stamp(1)).headers["etag"]


TAG = answer(ask(), {"open": 3}, stamp(1)).headers["etag"]


@pytest.mark.parametrize("known", [[TAG], [f"W/{TAG}"], ["*"], [f'"a,b", W/"c" ,{TAG}'], ['"other"', TAG]])
def test_a_reader_who_has_the_figures_gets_304_and_learns_as_of_when_they_hold(known):
    response = answer(ask(*known), {"open": 3}, stamp(7))
    assert (response.status_code, response.body) == (304, b"")
    assert response.headers["etag"] == TAG
    assert response.headers["nhip-revision"] == "7"
    assert response.headers["nhip-as-of"] == "1970-01-01T00:00:07+00:00"
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("known", [[], ['"other"'], ['W/"other", "more"'], [TAG.strip('"')], [""]])
def test_a_reader_who_has_others_gets_the_whole_answer(known):
    assert answer(ask(*known), {"open": 3}, stamp(7)).status_code == 200


def test_a_list_carries_the_stamp_in_each_entry():
    response = answer(ask(), [{"unit": "A"}, {"unit": "B"}], stamp(2))
    assert [entry["revision"] for entry in json.loads(response.body)] == [2, 2]


def test_as_of_is_the_least_clock_of_all_partitions():
    cube = Cube()
    for partition, clock in enumerate([7, 3, 5]):
        cube.apply(partition, {}, Progress(partition=partition, offsets={}, clock=clock, made_by=""), 1)
    assert cube.state.as_of == 3
