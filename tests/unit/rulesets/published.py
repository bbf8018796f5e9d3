"""Results that the National Public Service Portal published, read from the project's shared data."""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

FILE = Path(__file__).parents[4] / "shared" / "domain" / "published_scores.json"

ONLINE_AND_PAYMENT = {
    "3.4": ("procedures_with_online_payment_transaction", "procedures_with_fee"),
    "3.5": ("procedures_integrated", "procedures_with_fee"),
    "3.6": ("dossiers_paid_online", "dossiers_with_financial_obligation"),
}


def tables() -> dict[str, dict[str, Any]]:
    """All tables by id; without the file the test is left out, or fails where all tests are asked for."""
    if not FILE.exists():
        word = f"{FILE.name} is not there: the published scores of the shared data are needed"
        if os.environ.get("NHIP_TEST_ALL") == "1":
            pytest.fail(word)
        pytest.skip(word)
    return {table["id"]: table for table in json.loads(FILE.read_text("utf-8"))["tables"]}


def hundredths(points: float) -> int:
    """Published points as whole hundredths."""
    exact = Decimal(repr(points)) * 100
    assert exact == int(exact), points
    return int(exact)


def payment_pairs(row: dict[str, Any]) -> dict[str, tuple[int, int]]:
    """The payment indicators of which a row has both counts."""
    return {code: (row[over], row[under]) for code, (over, under) in ONLINE_AND_PAYMENT.items() if over in row}
