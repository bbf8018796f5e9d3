"""Group 2, progress and results ("tiến độ, kết quả giải quyết"), from events to points: `indicators.md`, A.3, A.4."""

from tests.unit.indicators.office import COMMUNE, DEPARTMENT, OTHER_COMMUNE, PROVINCE, Office, Row, alike

DUE = "2026-03-20"


def test_2_1_ended_by_the_due_moment_or_still_in_time_at_the_end_of_the_period() -> None:
    office = Office()
    office.dossier(due_at=DUE, ended="2026-03-20T23:59:59.999999")
    office.dossier(due_at=DUE, ended="2026-03-21T00:00:00")  # late
    office.dossier(due_at="2026-04-10", ended=None)
    office.dossier(due_at=DUE, ended=None)  # late
    office.dossier(due_at=None)  # nobody set a due moment: on time
    assert office.rows("2.1") == alike(Row(3, 5, 12.0))


def test_2_1_counts_what_was_carried_over_and_leaves_out_what_ended_before_or_was_never_accepted() -> None:
    office = Office()
    office.dossier(received="2025-12-01T08:00:00", due_at="2026-01-10", ended="2026-01-09T08:00:00")
    office.dossier(received="2025-12-01T08:00:00", due_at="2025-12-10", ended=None)  # late since last year
    office.dossier(received="2025-12-01T08:00:00", due_at="2025-12-10", ended="2025-12-31T08:00:00")
    office.say("dossier.declined", office.dossier(ended=None), "2026-03-02T09:00:00")
    office.say("dossier.voided", office.dossier(ended=None), "2026-03-02T09:00:00")
    office.say("dossier.submitted", "H01.187-26-x", unit=COMMUNE, procedure="1.001")
    assert office.rows("2.1") == alike(Row(1, 2, 10.0))


def test_2_1_waiting_for_the_applicant_is_taken_off_and_a_second_request_is_late() -> None:
    office = Office()
    waited = office.dossier(due_at=DUE, ended="2026-03-22T00:00:00")
    office.say("dossier.supplement_requested", waited, "2026-03-05T08:00:00", supplement="1")
    office.say("dossier.supplemented", waited, "2026-03-07T08:00:00", supplement="1")  # two days
    once = office.dossier(due_at=DUE, ended=None)
    office.say("dossier.supplement_requested", once, "2026-03-19T08:00:00", supplement="1")
    late = office.dossier(due_at=DUE, ended=None)
    office.say("dossier.supplement_requested", late, "2026-03-23T08:00:00", supplement="1")  # after the due moment
    twice = office.dossier(due_at="2026-05-20", ended=None)
    for number, (asked, brought) in enumerate([("03", "04"), ("05", None)]):
        office.say("dossier.supplement_requested", twice, f"2026-03-{asked}T08:00:00", supplement=str(number))
        if brought:
            office.say("dossier.supplemented", twice, f"2026-03-{brought}T08:00:00", supplement=str(number))
    assert office.rows("2.1") == alike(Row(2, 4, 10.0))


def test_2_1_takes_the_first_of_finished_and_handed_over_and_withdrawn_as_the_end() -> None:
    office = Office()
    finished = office.dossier(due_at=DUE, ended="2026-03-19T08:00:00")
    office.say("dossier.returned", finished, "2026-03-25T08:00:00")  # handed over late: the end was before
    office.say("dossier.returned", office.dossier(due_at=DUE, ended=None), "2026-03-25T08:00:00")
    office.say("dossier.withdrawn", office.dossier(due_at=DUE, ended=None), "2026-03-19T08:00:00")
    office.dossier(due_at=DUE, ended="2026-03-19T08:00:00", end={"outcome": "refused"})
    assert office.rows("2.1") == alike(Row(3, 4, 15.0))


def test_2_1_without_a_due_moment_the_statutory_time_of_the_dossier_holds() -> None:
    office = Office()
    for ended in ("2026-03-05T08:00:00", "2026-03-05T08:00:01"):  # three working days after Monday, 8:00
        office.dossier(due_at=None, allowed=3, ended=ended)
    assert office.rows("2.1") == alike(Row(1, 2, 10.0))


def test_2_1_of_a_province_pools_dossiers_of_all_units_and_averages_no_scores() -> None:
    office = Office()
    for unit, late in ((DEPARTMENT, 1), (COMMUNE, 0), (COMMUNE, 0), (OTHER_COMMUNE, 1)):
        office.dossier(unit=unit, ended="2026-03-30T08:00:00" if late else "2026-03-10T08:00:00")
    assert office.rows("2.1") == alike(Row(2, 4, 10.0))
    assert office.rows("2.1", COMMUNE) == alike(Row(2, 2, 20.0))
    assert office.rows("2.1", DEPARTMENT) == alike(Row(0, 1, 0.0))


def test_2_2_mean_time_is_shown_for_what_was_received_in_the_period_and_finished_without_points() -> None:
    office = Office()
    office.dossier(ended="2026-03-02T10:00:00")
    waited = office.dossier(ended="2026-03-02T12:00:00")
    office.say("dossier.supplement_requested", waited, "2026-03-02T09:00:00", supplement="1")
    office.say("dossier.supplemented", waited, "2026-03-02T10:00:00", supplement="1")
    office.dossier(ended="2026-03-02T18:00:00", end={"outcome": "refused"})
    office.dossier(ended=None)
    office.dossier(received="2025-12-01T08:00:00", ended="2026-03-02T18:00:00")
    assert office.rows("2.2", PROVINCE) == alike(Row(2 * 3600 + 3 * 3600, 2, None, "analysis"))
