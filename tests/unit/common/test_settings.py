import os
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.calendar import vietnam
from schemas.moments import parse_day
from services.common.clock import FixedClock, SystemClock, clock_of
from services.common.settings import (
    ApiSettings,
    ArchiveSettings,
    CommonSettings,
    IngestSettings,
    ScorerSettings,
    StackSettings,
    WrongSettingsError,
)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch):
    names = (
        "NOW",
        "TIMEZONE",
        "WORKING_HOURS",
        "WORKING_DAYS",
        "INGEST_PORT",
        "API_PORT",
        "SCORER_PORT",
        "DATABASE_URL",
    )
    for name in names:
        monkeypatch.delenv(f"NHIP_{name}", raising=False)


def test_ports_are_those_of_the_contract():
    assert (ApiSettings().port, IngestSettings().port, ScorerSettings().port) == (8000, 8001, 8002)
    assert ArchiveSettings().port == 8003
    assert CommonSettings().host == "127.0.0.1"


def test_a_port_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NHIP_INGEST_PORT", "9001")
    assert IngestSettings().port == 9001
    assert IngestSettings(port=9002).port == 9002


def test_the_clock_is_the_machines_unless_it_is_set():
    assert isinstance(clock_of(CommonSettings()), SystemClock)


@pytest.mark.parametrize(
    ("now", "zone", "moment"),
    [
        ("2026-03-31T23:59:59.999999+07:00", "Asia/Ho_Chi_Minh", 1774976399_999999),
        ("2026-03-31T23:59:59", "Asia/Ho_Chi_Minh", 1774976399_000000),
        ("2026-03-31T23:59:59", "UTC", 1775001599_000000),
    ],
)
def test_a_set_clock_stands_still_to_the_microsecond(monkeypatch: pytest.MonkeyPatch, now: str, zone: str, moment: int):
    monkeypatch.setenv("NHIP_NOW", now)
    monkeypatch.setenv("NHIP_TIMEZONE", zone)
    assert clock_of(CommonSettings()) == FixedClock(moment)


@pytest.mark.parametrize(("name", "value"), [("NHIP_NOW", "yesterday"), ("NHIP_TIMEZONE", "Asia/Saigonn")])
def test_what_is_no_instant_or_zone_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str):
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettingsError):
        CommonSettings()


def test_the_calendar_is_vietnams_unless_hours_or_days_are_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    assert CommonSettings().calendar == vietnam(CommonSettings().zone)
    file = tmp_path / "days.csv"
    file.write_text(
        "date,day,name,source\n2026-01-02,off,Nghỉ hoán đổi,Chính phủ\n", "utf-8-sig"
    )  # as spreadsheets write it
    monkeypatch.setenv("NHIP_WORKING_HOURS", "07:30-11:30, 13:00-17:00")
    monkeypatch.setenv("NHIP_WORKING_DAYS", str(file))
    calendar = CommonSettings().calendar
    assert calendar.hours.text == "07:30-11:30,13:00-17:00"
    monkeypatch.setenv("NHIP_UNIT_HOURS", "H29=08:00-12:00")
    own = CommonSettings().unit_calendars
    assert {unit: calendar.hours.text for unit, calendar in own.items()} == {"H29": "08:00-12:00"}
    for known in (calendar, own["H29"]):
        assert not known.is_working_day(parse_day("2026-01-02"))


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("NHIP_WORKING_HOURS", "7-17", "not a block of working hours such as 07:00-11:30"),
        ("NHIP_WORKING_HOURS", "13:30-17:00,07:00-11:30", "blocks stand in order"),
        ("NHIP_UNIT_HOURS", "H29: 07:00-11:30", "not a unit with its hours"),
        ("NHIP_WORKING_DAYS", "/nowhere/days.csv", "/nowhere/days.csv cannot be read: No such file"),
        ("NHIP_WORKING_DAYS", __file__, "line 1: the columns are date, day, name, source"),
    ],
)
def test_what_are_no_hours_or_days_is_refused_at_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
):
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettingsError, match=said):
        CommonSettings()


def test_the_database_password_is_not_shown():
    assert "secret" not in repr(CommonSettings(database_url="postgresql+asyncpg://nhip:secret@127.0.0.1/nhip"))


def test_a_service_that_is_set_wrong_says_what_in_one_line_without_any_secret():
    given = {"NHIP_NOTICES_PORT": "99999", "NHIP_DATABASE_URL": "postgresql+asyncpg://nhip:secret@127.0.0.1/nhip"}
    done = subprocess.run(
        [sys.executable, "-m", "services.notices"],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | given,
    )
    assert done.returncode == 2
    assert done.stderr == "NHIP_NOTICES_PORT '99999': Input should be less than or equal to 65535\n"


@pytest.mark.parametrize("model", [CommonSettings, StackSettings, IngestSettings, ApiSettings, ScorerSettings])
def test_every_setting_says_what_it_means(model: type[CommonSettings]):
    assert [name for name, field in model.model_fields.items() if not field.description] == []
