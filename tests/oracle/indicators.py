"""Numerators and denominators of Decision 766, counted by the words of the law (`indicators.md`, A.3, A.4), one thing after the other.

No measure and no formula of the product: each dossier, petition, procedure and decision is asked what the law asks about it. The second
half of the rows (publicity, petitions, figures) is in `indicator_families`.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import filterfalse

from schemas.units import UnitTree
from tests.oracle.families import FamiliesRecount
from tests.oracle.indicator_families import FamilyRows, Pairs, Sight, consequences
from tests.oracle.recount import ONLINE, Recount
from tests.oracle.said import Line, Said, kept
from tests.oracle.story import Story

DOCUMENT = ("766-2022", "766-binh-thuan-740", "766-portal-2025")
PORTAL = "766-portal-2026"
DRAFT = "766-next"
NOTHING = (0, 0)


class Indicators:
    """What was said, as of `now` (microseconds)."""

    def __init__(self, said: Iterable[Said], tree: UnitTree, zone: str, now: int) -> None:
        said = list(said)
        everything = [*said, *(further for one in said for further in consequences(one))]
        self.tree = tree
        self.dossiers = Recount(filter(_is_of_dossier, everything), tree, zone, now)
        self.families = FamiliesRecount(filterfalse(_is_of_dossier, everything), tree, zone, now)

    def pairs(self, unit: str, first: date | None, last: date, *, pooled: bool) -> dict[str, Pairs]:
        """What each rule set must count of a unit in the days first to last."""
        rows = self._rows(unit, first, last, pooled=pooled)
        document = rows.document()
        portal = rows.portal(document)
        province = rows.families.province
        if province is not None and unit != province:
            whole = self._rows(province, first, last, pooled=True).families.publicity()
            portal |= {code: whole[code] for code in ("1.1", "1.2", "1.3")}
        return {**dict.fromkeys(DOCUMENT, document), PORTAL: portal, DRAFT: rows.draft(document)}

    def _rows(self, unit: str, first: date | None, last: date, *, pooled: bool) -> "DossierRows":
        sight = Sight(self.tree, self.families, unit, first, last, pooled=pooled)
        stories = [story for story in self.dossiers.stories if story.counts and story.field("unit") in sight.units]
        return DossierRows(stories, FamilyRows(sight), sight)


class DossierRows:
    """The rows about dossiers of some units ("hồ sơ"), in one period."""

    def __init__(self, stories: list[Story], families: FamilyRows, sight: Sight) -> None:
        self.stories = stories
        self.families = families
        self.sight = sight
        self.catalogue = families.catalogue

    def document(self) -> Pairs:
        """By the formula document."""
        received, handled = self.received, self.handled
        ended = [story for story in handled if not self.is_open(story)]
        paper = [story for story in handled if self.has(story, "paper_result")]
        fee = [story for story in received if self.has(story, "fee")]
        in_time = [story for story in handled if self.in_time(story)]
        return {
            **self.families.publicity(),
            "1.4": (len(self.synced), self.reported),
            "2.1": (len(in_time), len(handled)),
            "2.2": (sum(seconds(story) for story in received if finished(story)), sum(map(finished, received))),
            **self.online(),
            **self.payment(received, fee),
            "4.1": (sum(story.result("result_file") for story in ended if story in paper), len(paper)),
            "4.2": (sum(self.is_digital(story) for story in ended), len(handled)),
            "4.3": (sum(story.field("reused_data") is True for story in received), len(received)),
            "4.4": (sum(map(in_storage, received)), len(received)),
            **self.population(received),
            "4.6": self.families.copies(),
            **self.families.petitions(),
            "5.4": (sum(not self.is_unhappy(story) for story in in_time), len(handled)),
        }

    def portal(self, document: Pairs) -> Pairs:
        """By the portal since 2026: all dossiers of 2.1 are the denominator of 4.1 to 4.5b, all petitions handled that of 5.3."""
        handled = {code: (document[code][0], len(self.handled)) for code in ("4.1", "4.3", "4.4", "4.5b")}
        return document | handled | {"5.3": self.families.satisfied()}

    def draft(self, document: Pairs) -> Pairs:
        """By the names of the draft (`indicators.md`, A.9); what no event tells yet is nothing."""
        eligible = [story for story in self.received if self.has(story, "full_online_eligible")]
        ended = [story for story in self.handled if not self.is_open(story) and self.has(story, "paper_result")]
        fee = sum(self.has(story, "fee") for story in self.received)
        return {
            **{code: document[code] for code in ("1.1", "1.2", "1.3", "2.1", "4.6", "5.2", "5.4")},
            **dict.fromkeys(("1.4", "4.3", "4.4", "4.5a", "4.5b"), NOTHING),
            "3.1": (sum(map(is_online, eligible)), len(eligible)),
            "3.2": (
                len(self.families.offered("full_online_eligible", online={"full"})),
                len(self.families.offered("full_online_eligible")),
            ),
            "3.3": (sum(map(is_online, self.received)), len(self.received)),
            "3.6": (document["3.6"][0], fee),
            "4.1": (document["4.1"][0], sum(not was_broken_off(story) for story in ended)),
            "4.2": document["4.4"],
            "5.3": self.families.satisfied(closed_only=True),
        }

    # which dossiers

    @cached_property
    def received(self) -> list[Story]:
        """Có ngày tiếp nhận trong kỳ."""
        return [story for story in self.stories if self.sight.inside(story.receipt)]

    @cached_property
    def handled(self) -> list[Story]:
        """Được tiếp nhận, xử lý trong kỳ, kể cả kỳ trước chuyển sang."""
        came = [story for story in self.stories if story.receipt <= self.sight.until]
        return [story for story in came if self.is_open(story) or self.sight.inside(self.ended_at(story))]

    def is_open(self, story: Story) -> bool:
        """Đang xử lý, at the end of the period."""
        return story.end is None or self.ended_at(story) > self.sight.until

    def ended_at(self, story: Story) -> datetime:
        assert story.end is not None
        return story.booked(story.end.moment)

    def in_time(self, story: Story) -> bool:
        """Đã xử lý đúng hạn; đang xử lý trong hạn, and not waiting upon a request that came late or for the second time."""
        if not self.is_open(story):
            return not story.past_due(story.end.moment)
        moment = self.sight.until
        asked_late = any(story.asked_late(request) for request in story.waits(moment))
        return not story.is_overdue(moment) and not asked_late

    def is_unhappy(self, story: Story) -> bool:
        """Có phản ánh, kiến nghị hoặc đánh giá không hài lòng: of an open dossier by the end of the period."""
        since = story.unhappy
        return since is not None and (not self.is_open(story) or since <= self.sight.until)

    def has(self, story: Story, attribute: str) -> bool:
        """Whether its procedure is described so."""
        line = self.catalogue.get(story.field("procedure"))
        return line is not None and line.says(attribute)

    # rows

    @cached_property
    def synced(self) -> list[Story]:
        """Hồ sơ đã đồng bộ có ngày tiếp nhận trong kỳ."""
        return [story for story in self.received if story.happened("synced", "synced_at")]

    @property
    def reported(self) -> Fraction:
        """The greater of the national report's count and the portal's; without both last year's report, shared out."""
        report = "national_report_received"
        return max(self.families.figure(report), Fraction(len(self.received))) or self.families.last_year(report)

    def online(self) -> Pairs:
        """3.1 to 3.3."""
        sent_online = list(filter(is_online, self.received))
        offered, online = self.families.offered(), self.families.offered(online={"partial", "full"})
        used = online & {story.field("procedure") for story in sent_online}
        valid = [story for story in sent_online if not self.has(story, "paper_result") or has_coded_result(story)]
        ratio = Fraction(len(self.synced)) / self.reported if self.reported else Fraction(0)
        return {
            "3.1": (len(online), len(offered)),
            "3.2": (self.services(used), self.services(online)),
            "3.3": (len(valid) * ratio, len(self.received)),
        }

    def services(self, procedures: Iterable[str]) -> int:
        """Dịch vụ công of procedures; one each where nothing else is said."""
        lines = (self.catalogue.get(procedure) for procedure in procedures)
        return sum(1 if line is None else line.data.get("services", 1) for line in lines)

    def payment(self, received: list[Story], fee: list[Story]) -> Pairs:
        """3.4 to 3.6."""
        paid = [story for story in received if paid_online(story)]
        with_fee = self.families.offered("fee")
        integrated = {story.field("procedure") for story in self.synced if (story.field("fee") or 0) > 0}
        return {
            "3.4": (len(self.of({story.field("procedure") for story in paid}, "fee")), len(with_fee)),
            "3.5": (len(self.of(integrated, "fee")), len(with_fee)),
            "3.6": (len(paid), sum(story.field("fee") != 0 for story in fee)),
        }

    def population(self, received: list[Story]) -> Pairs:
        """4.5."""
        using = [story for story in received if story.field("population_data") is True]
        connected = self.of({story.field("procedure") for story in using}, "for_citizens")
        return {
            "4.5a": (len(connected), len(self.families.offered("for_citizens"))),
            "4.5b": (len(using), len(received)),
        }

    def of(self, procedures: set[str], attribute: str) -> set[str]:
        return {each for each in procedures if each in self.catalogue and self.catalogue[each].says(attribute)}

    def is_digital(self, story: Story) -> bool:
        """Số hóa cả thành phần hồ sơ và kết quả; where the result is no document, what was handed in is enough."""
        components = story.field("components_digitized") is True
        return components and (story.result("result_file") or not self.has(story, "paper_result"))


def _is_of_dossier(said: Said) -> bool:
    kind: str = said.event["type"]
    return kind.startswith("nhip.dossier.")


def is_online(story: Story) -> bool:
    """Tiếp nhận trực tuyến."""
    return story.field("channel") == "online"


def was_broken_off(story: Story) -> bool:
    """Dừng xử lý; rút hồ sơ."""
    return story.end is not None and (story.end.outcome == "stopped" or story.end.kind == "withdrawn")


def finished(story: Story) -> bool:
    """Đã xử lý xong, đã trả kết quả."""
    return story.end is not None and (story.end.outcome == "completed" or story.end.kind == "returned")


def seconds(story: Story) -> int:
    """From the receipt to the end without the time of waiting, whole seconds; an end before the receipt is at the receipt."""
    assert story.end is not None
    taken = story.end.moment - story.receipt - story.waited(story.end.moment, stopping=False)
    return max(taken // timedelta(seconds=1), 0)


def in_storage(story: Story) -> bool:
    """A file came from the personal storage, or the result went there."""
    processed = story.typed["processed"]
    return story.field("from_personal_storage") is True or bool(processed and processed.says("result_stored"))


def has_coded_result(story: Story) -> bool:
    """An electronic result with its code and link."""
    return story.result("result_file") and story.result("result_coded")


def payments(story: Story) -> Iterator[Line]:
    """The payments that have happened, each as it was told last."""
    for line in kept(story.of("paid"), lambda line: line.data.get("payment", "1")).values():
        if line.at("paid_at") <= story.now:
            yield line


def paid_online(story: Story) -> bool:
    """Something was paid through the national portal or the local gateway."""
    return any(line.data.get("method") in ONLINE for line in payments(story))
