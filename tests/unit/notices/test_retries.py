"""When a digest is posted again."""

import pytest

from services.notices.retries import JITTER, LONGEST, delay

PAUSES = (5.0, 300.0, 1800.0)


@pytest.mark.parametrize(("tries", "pause"), [(1, 5.0), (2, 300.0), (3, 1800.0)])
def test_each_try_has_its_pause_a_little_longer_by_chance(tries: int, pause: float):
    assert delay(PAUSES, tries, None, lambda: 0.0) == pause
    assert delay(PAUSES, tries, None, lambda: 1.0) == pytest.approx(pause * (1 + JITTER))


def test_after_the_last_there_is_none():
    assert delay(PAUSES, 4, None, lambda: 0.0) is None
    assert delay(PAUSES, 4, 60.0, lambda: 0.0) is None


def test_a_receiver_may_ask_for_more_time_within_reason_but_not_for_less():
    assert delay(PAUSES, 1, 60.0, lambda: 0.0) == 60.0
    assert delay(PAUSES, 2, 60.0, lambda: 0.0) == 300.0
    assert delay(PAUSES, 1, 1e9, lambda: 0.0) == LONGEST
