from datetime import datetime, timedelta

from deploy.demo.live import LONGEST_SECONDS, second
from deploy.demo.office import worst
from deploy.demo.waves import CATCHING_UP, EVERY, RUSH, wave_at
from tests.unit.demo.province import NOW, TREE, ZONE, at_the_door, counted, live

HOUR = 3600
NIGHT = NOW.replace(hour=3)


def test_a_second_is_the_same_at_every_start():
    begin = int(NOW.timestamp())
    assert [list(second(begin + n, ZONE)) for n in range(60)] == [list(second(begin + n, ZONE)) for n in range(60)]


def test_ids_are_unique_and_events_pass_the_door():
    happenings = live(NOW, HOUR)
    assert len({event["id"] for _, event in happenings}) == len(happenings)
    for at, event in happenings:
        at_the_door(at, event)


def test_the_pace_is_human_by_day_and_by_night():
    for start in (NOW, NIGHT):
        assert 1 < len(live(start, HOUR)) / HOUR < 3


def test_everything_is_told_after_the_longest_life():
    for n in range(HOUR):
        at = NOW + timedelta(seconds=n)
        assert all(moment < at + timedelta(seconds=LONGEST_SECONDS) for moment, _ in live(at, 1))


def test_something_happens_to_the_worst_commune_every_few_seconds():
    very_worst = worst()[0].unit
    moments = sorted(at for at, event in live(NOW, HOUR) if event["subject"].startswith(f"{very_worst}-"))
    assert len(moments) > HOUR / 5


def test_waves_come_over_communes_that_are_not_the_worst_anyway():
    swamped = {wave_at(number).office for number in range(0, 1000 * EVERY, EVERY)}
    assert all(TREE[office.unit].kind == "commune" for office in swamped)
    assert not swamped & set(worst())
    assert len(swamped) > 90


def test_a_wave_makes_a_commune_late_and_passes():
    wave = wave_at(int(NOW.timestamp()))
    happenings = live(datetime.fromtimestamp(wave.begins, ZONE), EVERY)

    def overdue(seconds: float) -> int:
        return counted(happenings, datetime.fromtimestamp(wave.begins + seconds, ZONE))[wave.office.unit][
            "open_overdue"
        ]

    quiet, growing, high, over = (overdue(seconds) for seconds in (20, RUSH, CATCHING_UP[0] - 2, CATCHING_UP[1] + 25))
    assert quiet < growing < high
    assert high >= 15
    assert over <= 2
    ended = counted(happenings, datetime.fromtimestamp(wave.begins + EVERY, ZONE))[wave.office.unit]
    assert ended["ended_on_time"] > ended["ended_late"] > 0


def test_a_wave_is_over_before_the_next_begins():
    wave = wave_at(3_000_000)
    assert not wave.is_over(wave.begins + RUSH)
    assert wave.is_over(wave.begins + EVERY - 1)
