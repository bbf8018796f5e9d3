"""Fees, and whether they were paid online."""

from typing import Any, Final

from services.ingest.sync.payload import Dossier
from services.ingest.sync.reading import Draft
from services.ingest.sync.values import amount, choice, items

__all__ = ["fee_of", "payment_of"]

_METHODS: Final = {0: "", 1: "national_portal", 2: "local_gateway", 3: "other"}
"""`DuocThanhToanTrucTuyen`"""


def fee_of(dossier: Dossier) -> float | None:
    """The sum of `DanhSachLePhi` in VND; None where no price can be read (0: all of them are zero).

    Raises:
        Rejected: a text where a list belongs.
    """
    prices = [price for fee in items("DanhSachLePhi", dossier.fees) if (price := amount(fee.price)) is not None]
    return sum(prices) if prices else None


def payment_of(dossier: Dossier, received_at: str | None) -> list[Draft]:
    """The payment, if `DuocThanhToanTrucTuyen` tells of one: on the day of the receipt, for that is all that is known.

    Raises:
        Rejected: not in the code list.
    """
    method = choice("DuocThanhToanTrucTuyen", dossier.paid, _METHODS)
    if not method:
        return []
    data: dict[str, Any] = {"payment": "sync", "paid_at": received_at, "method": method, "amount": fee_of(dossier)}
    return [("paid", data)]
