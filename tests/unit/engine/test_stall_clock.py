from services.scorer.engine.watchdog import StallClock


def test_what_does_not_progress_is_still_for_longer_and_longer() -> None:
    clock = StallClock()
    assert clock.look(100.0, {"p": 7}) == {"p": 0.0}
    assert clock.look(101.0, {"p": 7}) == {"p": 1.0}
    assert clock.look(102.5, {"p": 7}) == {"p": 2.5}


def test_progress_starts_the_count_again() -> None:
    clock = StallClock()
    clock.look(100.0, {"p": 7})
    clock.look(101.0, {"p": 7})
    assert clock.look(102.0, {"p": 8}) == {"p": 0.0}


def test_what_has_no_work_is_not_still() -> None:
    clock = StallClock()
    clock.look(100.0, {"p": 7})
    assert clock.look(101.0, {}) == {}
    assert clock.look(102.0, {"p": 7}) == {"p": 0.0}


def test_a_process_that_was_frozen_gets_time_to_move() -> None:
    clock = StallClock()
    clock.look(100.0, {"p": 7})
    assert clock.look(10_000.0, {"p": 7}) == {"p": 2.0}
