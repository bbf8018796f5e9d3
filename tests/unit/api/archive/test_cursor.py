"""Cursors of pages: what was given comes back, anything else is a problem of one's own."""

from base64 import urlsafe_b64encode

import pytest

from services.api.archive.columns import LAST
from services.api.archive.cursor import Cursor, read_cursor
from services.api.problems import Problem


@pytest.mark.parametrize("key", [0, -LAST, LAST, 1_774_000_000_123_456])
def test_a_cursor_comes_back_as_it_was_given(key: int):
    cursor = Cursor("overdue", key, ("H01.06 / Ô-1",))
    assert read_cursor(str(cursor), "overdue", 1) == cursor
    assert str(cursor).isascii()
    assert read_cursor(None, "overdue", 1) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "ô",
        "%%%",
        "A" * 5_000,
        urlsafe_b64encode(b'["overdue",1]').decode(),
        urlsafe_b64encode(b'["overdue",1.5,["a"]]').decode(),
        urlsafe_b64encode(b'["overdue",9223372036854775808,["a"]]').decode(),
        urlsafe_b64encode(b'["overdue",1,["a\\u0000"]]').decode(),
        str(Cursor("late", 1, ("a",))),
        str(Cursor("overdue", 1, ("a", "b"))),
    ],
)
def test_what_is_no_cursor_of_the_list_is_a_wrong_parameter(text: str):
    with pytest.raises(Problem) as problem:
        read_cursor(text, "overdue", 1)
    assert (problem.value.status, problem.value.members["parameter"]) == (422, "after")
