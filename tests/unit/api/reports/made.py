"""Reports out of given counts: the same documents as the service makes, without a service."""

from typing import Any

import msgspec

from schemas.moments import parse_moment
from schemas.rulesets.document import document
from schemas.rulesets.library import load
from schemas.rulesets.pairs import evaluate_pairs
from schemas.rulesets.readable import readable
from services.api.cube.cube import State
from services.api.documents.kept import Stamp
from services.api.reports.model import Lateness, Report, lateness_of, report_of
from services.common.settings import CommonSettings

ZONE = CommonSettings().zone
STAMP = Stamp(State(1, 42, parse_moment("2026-04-01T12:00:00+07:00", ZONE)), ZONE)
PORTAL = "766-portal-2026"
PAIRS = {"1.4": [788, 1065], "2.1": [788_612, 1_065_150], "2.2": [864_000_000, 1200], "3.3": [1234.5678, 5000]}
CELLS = ("handled", "online", "direct", "carried_over", "ended", "ended_early", "ended_in_time", "ended_late", "open",
         "open_in_time", "open_overdue")  # fmt: skip


def a_report(ruleset: str = PORTAL, **changes: Any) -> Report:
    """A province with two communes."""
    rules = load(ruleset)
    pairs = PAIRS if ruleset == PORTAL else {"2.1": PAIRS["2.1"]}
    scored = msgspec.to_builtins(document(evaluate_pairs(rules, pairs, "province"), 0))
    groups = {group["code"]: group["score"] for group in scored["groups"]}
    children = [
        {"rank": rank, "rank_in_kind": rank, "unit": unit(f"H01.30{rank}", f"Xã Số {rank}", "commune"), "total": 40.25,
         "groups": groups, "handled": 1_234_567, "received": 5, "open": 4, "overdue": 3, "late": 2}
        for rank in (1, 2)
    ]  # fmt: skip
    cells = {cell: 1000 + place for place, cell in enumerate(CELLS)}
    rows = [{"of": "unit", "code": "H01.301", "name": "Xã Số 1", "cells": cells}]
    made = {
        "unit": unit("H01", "An Giang", "province"),
        "parent": None,
        "ruleset": ruleset,
        "from": "2026-01-01",
        "to": "2026-03-31",
        **scored,
        "rank": 3,
        "ranked": 34,
        "children": children,
        "form": {"rows_by": "unit", "waiting": "in_time", "rows": rows, "total": cells},
        "rules": readable(rules),
    }
    return report_of(msgspec.json.encode(made | changes))


def a_lateness(*units: tuple[str, int, int], **changes: Any) -> Lateness:
    """Late dossiers of communes: (name, ended late, overdue)."""
    rows = [
        {"of": "unit", "code": f"H01.{place}", "name": name, "ended": 100, "ended_late": ended, "open": 50, "open_overdue": still}
        for place, (name, ended, still) in enumerate(units)
    ]  # fmt: skip
    total = {name: sum(row[name] for row in rows) for name in ("ended", "ended_late", "open", "open_overdue")}
    made = {
        "unit": unit("H01", "An Giang", "province"),
        "from": "2026-01-01",
        "to": "2026-03-31",
        "total": {"of": "total", "code": "H01", "name": "An Giang", **total},
        "units": rows,
        "fields": [{"of": "sector", "code": "HT", "name": "Hộ tịch", **total}],
    }
    return lateness_of(msgspec.json.encode(made | changes))


def unit(code: str, name: str, kind: str) -> dict[str, str]:
    return {"code": code, "name": name, "kind": kind}
