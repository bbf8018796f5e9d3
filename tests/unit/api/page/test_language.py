"""The language of a reader."""

import pytest
from starlette.requests import Request
from starlette.responses import Response

from services.api.page.language import choose, remember
from services.api.page.refresh import REFRESH


def asked(query: str = "", **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "query_string": query.encode(), "headers": raw})


@pytest.mark.parametrize(
    ("request_", "language"),
    [
        (asked(), "vi"),
        (asked("lang=en", cookie="nhip-lang=vi", accept_language="vi"), "en"),
        (asked(cookie="nhip-lang=en", accept_language="vi"), "en"),
        (asked("lang=fr", cookie="nhip-lang=de"), "vi"),
        (asked(accept_language="en-GB,en;q=0.9,vi;q=0.8"), "en"),
        (asked(accept_language="fr;q=1, en;q=0.3, vi;q=0.7"), "vi"),
        (asked(accept_language="en;q=nonsense"), "vi"),
        (asked(accept_language="de"), "vi"),
    ],
)
def test_what_was_said_last_and_most_plainly_counts(request_: Request, language: str):
    assert choose(request_) == language


def test_a_choice_is_remembered_but_not_a_page_that_reads_itself_anew():
    chosen, read_again = Response(), Response()
    remember(asked("lang=en"), chosen)
    remember(asked("lang=en", **{REFRESH.lower(): "1"}), read_again)
    assert "nhip-lang=en" in chosen.headers["set-cookie"]
    assert "set-cookie" not in read_again.headers
    assert chosen.headers["vary"] == read_again.headers["vary"] == "Accept-Language, Cookie"
