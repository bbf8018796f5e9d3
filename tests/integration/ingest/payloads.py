"""Payloads to send to `/v1/sync`."""

import itertools
from typing import Any

import httpx

from tests.integration.ingest.running import Ingest

_numbers = itertools.count(1)


def record(**fields: Any) -> dict[str, Any]:
    """A good record of `DongBoHoSoMC` about a dossier of its own."""
    made = {
        "MaHoSo": f"H01.06-260312-9{next(_numbers):03}",
        "MaTTHC": "1.000105.000.00.00.H01",
        "NgayTiepNhan": "20260312080000",
        "NgayHenTra": "20260320000000",
        "TrangThaiHoSo": "4",
    }
    return made | fields


def line(**fields: Any) -> dict[str, Any]:
    """A good record of `CapNhatTienDoHoSoMC`."""
    made = {"MaHoSo": f"H01.06-260312-8{next(_numbers):03}", "TrangThai": "4", "ThoiDiemXuLy": "20260312093000"}
    return made | fields


def sync(
    ingest: Ingest, payload: Any, key: str | None = None, service: str = "DongBoHoSoMC", **options: Any
) -> httpx.Response:
    """Send a payload as JSON, with the key in the header if there is one."""
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return ingest.http.post(f"/v1/sync/{service}", json=payload, headers=headers, **options)
