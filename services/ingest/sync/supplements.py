"""Requests for more papers ("yêu cầu bổ sung") and their answers."""

import re
from typing import Final

from services.ingest.sync.dates import Dates
from services.ingest.sync.payload import Dossier, Supplement
from services.ingest.sync.reading import Draft
from services.ingest.sync.values import items, text

__all__ = ["reset_since", "supplements_of"]

_ID: Final = re.compile(r"\S{1,64}")


def supplements_of(dossier: Dossier, dates: Dates) -> list[Draft]:
    """Requests and answers, those brought later behind: the due moment that was set last shall hold.

    A request without its moment is none: that of arrival would invent one.

    Raises:
        Rejected: no date, or a text where a list belongs.
    """
    requests: list[Draft] = []
    answers: list[tuple[int, Draft]] = []
    for one in items("DanhSachHoSoBoSung", dossier.supplements):
        requested, brought = dates.moment("NgayBoSung", one.requested), dates.moment("NgayTiepNhanBoSung", one.brought)
        which = _id(one, requested or brought, dates)
        if requested is not None:
            requests.append(("supplement_requested", {"supplement": which, "requested_at": requested}))
        if brought is not None:
            answer = {"supplement": which, "completed_at": brought, "due_at": _new_due(one, dates)}
            answers.append((dates.instant(brought), ("supplemented", answer)))
    answers.sort(key=lambda answer: answer[0])
    return requests + [draft for _, draft in answers]


def reset_since(due_at: str | None, dossier: Dossier, dates: Dates) -> bool:
    """Whether the present due moment (`NgayHenTra`) was set after those of all supplements.

    It was if it is later than each of them and no supplement replaced it. Senders who leave it as it was, or set it to the new one, mean
    that of the supplement.

    Raises:
        Rejected: no date, or a text where a list belongs.
    """
    supplements = items("DanhSachHoSoBoSung", dossier.supplements)
    news = [dates.instant(new) for one in supplements if (new := _new_due(one, dates)) is not None]
    if due_at is None or not news:
        return False
    replaced = {dates.instant(old) for one in supplements if (old := dates.due("NgayHenTraTruoc", one.due_before))}
    appointed = dates.instant(due_at)
    return appointed > max(news) and appointed not in replaced


def _new_due(one: Supplement, dates: Dates) -> str | None:
    """`NgayHenTraMoi`, where it differs from `NgayHenTraTruoc`, in whatever forms they are written."""
    before, after = dates.due("NgayHenTraTruoc", one.due_before), dates.due("NgayHenTraMoi", one.due_after)
    if before is not None and after is not None and dates.instant(before) == dates.instant(after):
        return None
    return after


def _id(one: Supplement, moment: str | None, dates: Dates) -> str:
    """`HoSoBoSungId`; where it is empty or written like no id (it could be a name), the moment stands for it."""
    written = text(one.id) or ""
    if _ID.fullmatch(written) or moment is None:
        return written
    return dates.digits(moment)
