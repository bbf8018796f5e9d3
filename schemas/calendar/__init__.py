"""The working calendar ("lịch làm việc"): working days and hours of Vietnam, and time counted by them."""

from schemas.calendar.allowed import Allowed, due_moment
from schemas.calendar.calendar import WORKING_DAY, WorkingCalendar
from schemas.calendar.hours import DEFAULT_HOURS, WorkingHours, hours_of_units
from schemas.calendar.of_units import calendar_of
from schemas.calendar.vietnam import DayLine, parse_days, vietnam

__all__ = [
    "DEFAULT_HOURS",
    "WORKING_DAY",
    "Allowed",
    "DayLine",
    "WorkingCalendar",
    "WorkingHours",
    "calendar_of",
    "due_moment",
    "hours_of_units",
    "parse_days",
    "vietnam",
]
