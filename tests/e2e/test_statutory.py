"""A procedure's statutory time, said after its dossiers came, gives them their due moments; `nhip wait` waits for that."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.door import counts, push, run
from tests.stack import Stack

UNIT, PROCEDURE = "S77.01", "7.770001"


def test_dossiers_get_the_statutory_time_of_their_procedure(stack: Stack, tmp_path: Path):
    units = tmp_path / "units.csv"
    units.write_text(f"code,name,kind,parent\nS77,Tỉnh,province,\n{UNIT},Xã,commune,S77\n", encoding="utf-8")
    run(stack, "units", "load", str(units))
    key = stack.key("statutory", "S77")
    received = (datetime.now(UTC) - timedelta(days=40)).isoformat()

    def event(kind: str, subject: str, time: str, **data: object) -> dict[str, object]:
        return {"specversion": "1.0", "id": f"{kind} {time}", "source": "/test", "type": f"nhip.{kind}",
                "subject": subject, "time": time, "data": data}  # fmt: skip

    push(stack, key, event("dossier.received", f"{UNIT}-1", received, unit=UNIT, procedure=PROCEDURE))
    run(stack, "wait")
    assert counts(stack, UNIT)["open_no_due"] == 1
    push(stack, key, event("procedure.described", PROCEDURE, received, procedure=PROCEDURE, owner="S77", allowed=2))
    run(stack, "wait")
    found = counts(stack, UNIT)
    assert (found["open_no_due"], found["open_overdue"], found["became_overdue"]) == (0, 1, 1)
    later = (datetime.now(UTC) - timedelta(days=39)).isoformat()
    push(stack, key, event("procedure.described", PROCEDURE, later, procedure=PROCEDURE, owner="S77", allowed=900))
    run(stack, "wait")
    assert counts(stack, UNIT)["open_not_due"] == 1
