from collections import Counter
from datetime import date, timedelta

import pytest

from deploy.demo.office import offices
from deploy.demo.reports import of_day
from tests.unit.demo.province import FIRST, ZONE, two_months

YEAR_AGO = date(2025, 11, 1)


def test_october_is_reported_once_by_every_office_and_slightly_above_what_came_in():
    declared = [event["data"] for _, event in two_months() if event["type"] == "nhip.unit.declared"]
    reported = {data["unit"]: data["value"] for data in declared}
    assert len(declared) == len(reported) == len(offices())
    assert {(data["from"], data["to"]) for data in declared} == {("2026-10-01", "2026-10-31")}
    received = Counter(
        event["data"]["unit"]
        for _, event in two_months()
        if event["type"] == "nhip.dossier.received" and event["time"].startswith("2026-10")
    )
    assert all(0.9 * received[unit] - 3 < reported[unit] for unit in reported)
    assert 1.005 < sum(reported.values()) / received.total() < 1.1


def test_a_month_that_the_history_does_not_hold_whole_is_not_reported():
    october = date(2026, 10, 5)
    assert not list(of_day(october, FIRST, ZONE))
    assert list(of_day(october, date(2026, 9, 1), ZONE))


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_is_reported_on_one_working_day(month: int):
    first = date(2026, month, 1)
    days = [day for number in range(28) if list(of_day(day := first + timedelta(days=number), YEAR_AGO, ZONE))]
    assert len(days) == 1
    assert days[0].weekday() < 5
