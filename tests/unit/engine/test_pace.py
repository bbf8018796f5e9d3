from services.scorer.engine.pace import Pace
from services.scorer.engine.settings import EngineSettings

SETTINGS = EngineSettings(
    app_id="a", bootstrap="b", min_commit_interval=0.02, max_commit_interval=0.5, tick_interval=0.1
)


def test_when_quiet_a_batch_is_committed_at_once() -> None:
    assert Pace(SETTINGS, 100.0).commit_due(100.0, backlog=False)


def test_when_quiet_commits_begin_twenty_milliseconds_apart() -> None:
    pace = Pace(SETTINGS, 100.0)
    pace.committing(100.0)
    assert not pace.commit_due(100.019, backlog=False)
    assert pace.commit_due(100.021, backlog=False)


def test_with_a_backlog_a_commit_waits_half_a_second() -> None:
    pace = Pace(SETTINGS, 100.0)
    pace.committing(100.0)
    assert not pace.commit_due(100.49, backlog=True)
    assert pace.commit_due(100.51, backlog=True)


def test_the_clock_ticks_at_once_and_then_at_its_interval() -> None:
    pace = Pace(SETTINGS, 100.0)
    assert pace.tick_due(100.0)
    assert not pace.tick_due(100.09)
    assert pace.tick_due(100.11)
    assert not pace.tick_due(100.12)


def test_missed_ticks_are_not_made_up_for() -> None:
    pace = Pace(SETTINGS, 100.0)
    pace.tick_due(100.0)
    assert pace.tick_due(200.0)
    assert not pace.tick_due(200.05)


def test_rest_ends_with_what_is_due_first() -> None:
    pace = Pace(SETTINGS, 100.0)
    pace.tick_due(100.0)
    pace.committing(100.0)
    assert abs(pace.rest(100.01, uncommitted=True) - 0.01) < 1e-9
    assert abs(pace.rest(100.01, uncommitted=False) - 0.09) < 1e-9
    assert pace.rest(101.0, uncommitted=False) == 0.0
