"""Back-pressure counts the events in flight."""

import pytest

from services.ingest.load import Load, TooMuch


def test_requests_fit_up_to_the_limit_and_again_once_others_are_done() -> None:
    load = Load(10)
    with load.hold(6):
        with load.hold(4), pytest.raises(TooMuch), load.hold(1):
            pass
        with load.hold(4):
            pass
    assert load.events == 0


def test_a_request_alone_is_always_taken() -> None:
    with Load(1).hold(5000):
        pass


def test_a_request_that_fails_gives_its_place_back() -> None:
    load = Load(10)
    with pytest.raises(ZeroDivisionError), load.hold(10):
        raise ZeroDivisionError
    assert load.events == 0
