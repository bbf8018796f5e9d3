"""The measures: what is counted of a unit on a day (`events_and_measures.md`, section 5).

A *flow* adds on its day; a period is the sum of its days. A *stock* adds one on the day it begins and takes one off on the day it ends;
at the end of a day it is the sum of all days up to it. The numbers are part of stored rows: they are never changed and never used again.

Everything is booked on days that have come, save `falls_due`: that alone lies on today and the days ahead.
"""

from enum import Enum
from typing import Final

from msgspec import Struct


class Kind(Enum):
    """How the days of a measure add up."""

    FLOW = "flow"
    STOCK = "stock"


class Family(Enum):
    """What kind of subject a measure counts; its item (what it can be split by) follows from it."""

    DOSSIER = "dossier"
    PETITION = "petition"
    PROCEDURE = "procedure"


class Measure(Struct, frozen=True):
    """One measure: its number in stored rows, its name in rule sets, how it adds up, what it means."""

    number: int
    name: str
    kind: Kind
    family: Family
    meaning: str


def _measures(family: Family, *lines: tuple[int, str, str, str]) -> list[Measure]:
    return [Measure(number, name, Kind(kind), family, meaning) for number, name, kind, meaning in lines]


_FLOW, _STOCK = "flow", "stock"

_DOSSIERS = _measures(
    Family.DOSSIER,
    # booked on the day of receipt
    (0, "received", _FLOW, "accepted dossiers"),
    (1, "received_online", _FLOW, "through channel online"),
    (2, "received_postal", _FLOW, "through channel postal"),
    (3, "received_synced", _FLOW, "the national portal has it"),
    (4, "online_with_result", _FLOW, "online, with a coded electronic result"),
    (5, "received_reused", _FLOW, "reuses digitized data"),
    (6, "received_storage", _FLOW, "file from, or result in, the personal storage"),
    (7, "received_population", _FLOW, "uses population data"),
    (8, "received_elsewhere", _FLOW, "handed in at another unit"),
    (9, "fee_zero", _FLOW, "every charge is zero"),
    (10, "fee_synced", _FLOW, "a charge above zero, and synced"),
    (11, "paid_online", _FLOW, "a payment by the national portal or a local gateway"),
    (12, "finished", _FLOW, "ended by completion or by handing over"),
    (13, "processing_seconds", _FLOW, "of finished: end less receipt less waiting, seconds"),
    (14, "processing_work_seconds", _FLOW, "the same in working time, seconds (8 h = 1 working day)"),
    # booked on the day of the end
    (15, "ended", _FLOW, "has ended"),
    (16, "ended_on_time", _FLOW, "clock at the end not after the due moment"),
    (17, "ended_late", _FLOW, "clock at the end after the due moment"),
    (18, "ended_no_due", _FLOW, "ended without a due moment"),
    (19, "ended_early", _FLOW, "of ended_on_time: clock at the end on a day before the due day"),
    (20, "ended_with_result", _FLOW, "with an electronic result"),
    (21, "ended_components", _FLOW, "with digitized components"),
    (22, "ended_digitized", _FLOW, "components and result digitized"),
    (23, "ended_in_time_unhappy", _FLOW, "not late, and dissatisfied or petitioned"),
    (24, "ended_online_late", _FLOW, "online and late"),
    (25, "refused", _FLOW, "ended by processed, outcome refused"),
    (26, "stopped", _FLOW, "ended by processed, outcome stopped"),
    (27, "withdrawn", _FLOW, "ended by withdrawal"),
    # booked on days of their own
    (28, "returned", _FLOW, "handed over, on that day"),
    (29, "declined", _FLOW, "refused at intake, on that day"),
    # stocks
    (30, "open", _STOCK, "received, not ended"),
    (31, "open_no_due", _STOCK, "of open: without a due moment"),
    (32, "open_overdue", _STOCK, "open, not waiting, clock after the due moment"),
    (33, "open_waiting", _STOCK, "waits for a supplement"),
    (34, "open_waiting_late", _STOCK, "waiting, asked for after the due moment or for the second time"),
    (
        35,
        "open_in_time_unhappy",
        _STOCK,
        "open, not overdue, not waiting late, and dissatisfied or petitioned",
    ),
    (36, "open_online_overdue", _STOCK, "of open_overdue: online"),
    (37, "submitted_waiting", _STOCK, "sent in online, nobody has accepted it yet"),
    (38, "to_return", _STOCK, "completed, not handed over"),
    # what happens once
    (39, "became_overdue", _FLOW, "on the day on which the clock first passed the due moment"),
    (40, "late_notified", _FLOW, "of became_overdue: with an apology, or somebody was told"),
    (41, "rescheduled", _FLOW, "given a new due moment, on the day of that event"),
    (42, "rescheduled_late", _FLOW, "of rescheduled: after the old due moment had passed"),
    # ratings, on their day
    (43, "rated", _FLOW, "dossiers with a rating"),
    (44, "satisfied", _FLOW, "4 or 5 stars"),
    (45, "dissatisfied", _FLOW, "1 or 2 stars"),
    (46, "stars_sum", _FLOW, "their stars"),
    (47, "stars_n", _FLOW, "how many gave stars"),
    (48, "slips_paper", _FLOW, "ratings with a paper slip"),
    (49, "slips_kiosk", _FLOW, "ratings with a slip at a kiosk"),
    (50, "slips_online", _FLOW, "ratings with an online slip"),
    # TT 01/2018/TT-VPCP, article 13: points and dossiers (or steps) scored, by indicator
    (51, "tt01_points_1", _FLOW, "time taken against time allowed"),
    (52, "tt01_n_1", _FLOW, "dossiers scored by it"),
    (53, "tt01_points_2", _FLOW, "the same of each step, on its agency"),
    (54, "tt01_n_2", _FLOW, "steps scored by it"),
    (55, "tt01_points_3", _FLOW, "how often the applicant had to come back"),
    (56, "tt01_n_3", _FLOW, "dossiers scored by it"),
    (57, "tt01_points_4", _FLOW, "how many bodies had to be contacted"),
    (58, "tt01_n_4", _FLOW, "dossiers scored by it"),
    (59, "tt01_points_6", _FLOW, "publicity, from slips"),
    (60, "tt01_n_6", _FLOW, "slips that answer it"),
    (61, "tt01_points_7", _FLOW, "attitude of the officers"),
    (62, "tt01_n_7", _FLOW, "dossiers scored by it"),
    # as of now, on the last day on which ending it is in time: today or later
    (63, "falls_due", _FLOW, "open, not waiting, not overdue; its due moment plus the time that the clock stood still"),
    # a stock; numbers 64 to 91 are of other families
    (92, "due_soon", _STOCK, "open, not waiting, not overdue, and little working time is left (NHIP_DUE_SOON_HOURS)"),
)

_PETITIONS = _measures(
    Family.PETITION,
    (64, "petition_received", _FLOW, "came to the unit"),
    (65, "petition_closed", _FLOW, "closed"),
    (66, "petition_closed_on_time", _FLOW, "closed in time"),
    (67, "petition_closed_satisfied", _FLOW, "closed in time, liked, not repeated"),
    (68, "petition_open", _STOCK, "not closed"),
    (69, "petition_open_overdue", _STOCK, "open 15 working days after its start"),
    (70, "petition_open_satisfied", _STOCK, "open, not overdue, liked, not repeated"),
    (71, "petition_accepted", _FLOW, "first accepted"),
    (72, "petition_accepted_unsatisfied", _FLOW, "accepted; late, disliked or repeated"),
)

_PROCEDURES = _measures(
    Family.PROCEDURE,
    (80, "announced", _FLOW, "decisions on procedures"),
    (81, "announced_late", _FLOW, "of these, late"),
    (82, "publication", _FLOW, "publications owed or done"),
    (83, "publication_late", _FLOW, "of these, late or missing"),
    (84, "procedure_public", _STOCK, "procedures in public or being amended"),
    (85, "procedure_complete", _STOCK, "of these, with all seven parts"),
    (86, "procedure_offered", _STOCK, "procedures offered by the unit"),
    (87, "procedure_online", _STOCK, "of these, online in part or in full"),
    (88, "procedure_online_full", _STOCK, "of these, online in full"),
    (89, "procedure_on_site", _STOCK, "received or fully handled on site"),
    (90, "procedure_on_site_full", _STOCK, "fully handled on site"),
    (91, "procedure_on_site_exempt", _STOCK, "exempt from on-site handling"),
)

MEASURES: Final[tuple[Measure, ...]] = (*_DOSSIERS, *_PETITIONS, *_PROCEDURES)
BY_NAME: Final[dict[str, Measure]] = {measure.name: measure for measure in MEASURES}
BY_NUMBER: Final[dict[int, Measure]] = {measure.number: measure for measure in MEASURES}
