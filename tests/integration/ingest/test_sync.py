"""Payloads of one-stop systems over HTTP: both forms, both keys, the answers, and what lands in Kafka."""

import pytest

from deploy.local.process import free_port
from schemas.topics import DOSSIER_EVENTS, REJECTED_EVENTS
from tests.integration.ingest.payloads import line, record, sync
from tests.integration.ingest.running import Ingest, stored

OK = {"error_code": 0, "message": "Thành công", "accepted": 1, "rejected": []}


def kinds(bootstrap: str, subject: str) -> list[str]:
    found = stored(bootstrap, DOSSIER_EVENTS, [subject])
    return [value["type"].removeprefix("nhip.dossier.") for _, _, value in sorted(found, key=lambda one: one[2]["id"])]


def test_an_object_with_the_key_as_session_lands_in_kafka(ingest: Ingest, key: str, bootstrap: str) -> None:
    sent = record()
    payload = {"service": "DongBoHoSoMC", "isUpdating": "False", "data": [sent], "session": key, "madonvi": "H01"}
    response = sync(ingest, payload)
    assert (response.status_code, response.json()) == (200, OK)
    assert kinds(bootstrap, sent["MaHoSo"]) == ["received", "synced"]


def test_a_bare_array_with_the_key_in_the_header_and_a_query(ingest: Ingest, key: str, bootstrap: str) -> None:
    sent = record()
    query = {"MaDinhDanhDV": "000.00.00.H01", "isUpdating": "true"}
    assert sync(ingest, [sent], key, params=query).json() == OK
    assert kinds(bootstrap, sent["MaHoSo"]) == ["received", "reopened", "synced"]


def test_lines_of_the_log_land_beside_their_dossier(ingest: Ingest, key: str, bootstrap: str) -> None:
    sent = line(NgayKetThucTheoQuyDinh="20260316")
    assert sync(ingest, {"data": [sent]}, key, "CapNhatTienDoHoSoMC").json() == OK
    assert kinds(bootstrap, sent["MaHoSo"]) == ["progressed", "step"]


def test_a_bad_record_is_told_and_the_good_ones_are_kept(ingest: Ingest, key: str, bootstrap: str) -> None:
    good, bad = record(), record(TrangThaiHoSo="99")
    response = sync(ingest, {"data": [bad, good]}, key)
    body = response.json()
    assert (response.status_code, body["error_code"], body["accepted"]) == (200, -1, 1)
    (told,) = body["rejected"]
    assert (told["index"], told["MaHoSo"], told["code"]) == (0, bad["MaHoSo"], "unknown_state")
    assert kinds(bootstrap, good["MaHoSo"]) == ["received", "synced"]
    assert kinds(bootstrap, bad["MaHoSo"]) == []
    letters = [letter for _, _, letter in stored(bootstrap, REJECTED_EVENTS) if bad["MaHoSo"] in letter["detail"]]
    assert [(letter["code"], letter.get("event")) for letter in letters] == [("unknown_state", None)]


def test_a_record_of_which_one_event_is_bad_is_not_taken_at_all(ingest: Ingest, key: str, bootstrap: str) -> None:
    sent = record(TrangThaiHoSo="9", NgayKetThucXuLy="20270101080000")
    (told,) = sync(ingest, {"data": sent}, key).json()["rejected"]
    assert told["code"] == "in_the_future"
    assert kinds(bootstrap, sent["MaHoSo"]) == []


def test_the_later_payload_holds_under_a_clock_that_stands_still_and_after_a_restart(
    start, ingest: Ingest, key: str, bootstrap: str
) -> None:
    sent = record(KenhThucHien="1")
    assert sync(ingest, {"data": [sent, sent | {"KenhThucHien": "2"}]}, key).json()["error_code"] == 0
    assert sync(start().until_ready(), {"data": [sent | {"KenhThucHien": "3"}]}, key).json() == OK
    receipts = [
        value for _, _, value in stored(bootstrap, DOSSIER_EVENTS, [sent["MaHoSo"]]) if "received" in value["type"]
    ]
    assert len({value["time"] for value in receipts}) == 1
    in_order = sorted(receipts, key=lambda value: value["id"])
    assert [value["data"]["channel"] for value in in_order] == ["onsite", "online", "postal"]


@pytest.mark.parametrize("service", ["DongBoHoSoMC", "CapNhatTienDoHoSoMC"])
@pytest.mark.parametrize("session", [None, "", "nhip_wrong"])
def test_without_a_known_key_it_is_a_401_in_their_form(ingest: Ingest, service: str, session: str | None) -> None:
    response = sync(ingest, {"data": [record()], "session": session}, None, service)
    assert response.status_code == 401
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert (response.json()["error_code"], response.json()["status"]) == (-1, 401)


def test_a_key_in_the_header_goes_before_the_session(ingest: Ingest, key: str) -> None:
    assert sync(ingest, {"data": [record()], "session": key}, "nhip_wrong").status_code == 401
    assert sync(ingest, {"data": [record()], "session": "nhip_wrong"}, key).status_code == 200


def test_a_key_speaks_for_its_unit_and_those_below_alone(ingest: Ingest, keys) -> None:
    (told,) = sync(ingest, {"data": [record()]}, keys.create("H01.07")).json()["rejected"]
    assert told["code"] == "foreign_unit"


def test_too_much_nothing_and_no_json_are_problems_in_their_form(ingest: Ingest, start, key: str) -> None:
    assert sync(ingest, [{}] * 5001, key).status_code == 413
    assert sync(ingest, [], key).status_code == 400
    broken = ingest.http.post("/v1/sync/DongBoHoSoMC", content=b"{", headers={"Authorization": f"Bearer {key}"})
    assert (broken.status_code, broken.json()["error_code"]) == (400, -1)
    small = start(NHIP_INGEST_MAX_BODY="100").until_ready()
    large = sync(small, [record()], key)
    assert (large.status_code, large.json()["error_code"]) == (413, -1)
    assert sync(ingest, [{}] * 5001, key).json()["message"]


def test_settings_say_the_code_of_success_and_what_was_synced(start, key: str, bootstrap: str) -> None:
    service = start(NHIP_SYNC_OK_CODE="00", NHIP_SYNC_IS_SYNCED="false", NHIP_POPULATION_DATABASES="8, 9").until_ready()
    sent = record(DSKetNoiCSDL=[{"MaCSDL": "9"}])
    assert sync(service, {"data": sent}, key).json()["error_code"] == "00"
    ((_, _, value),) = stored(bootstrap, DOSSIER_EVENTS, [sent["MaHoSo"]])
    assert value["data"]["population_data"] is True


def test_without_kafka_it_is_a_503_in_their_form(start, key: str) -> None:
    service = start(bootstrap=f"127.0.0.1:{free_port()}", NHIP_INGEST_PUBLISH_SECONDS="1").until_ready(ready=False)
    response = sync(service, {"data": line()}, key, "CapNhatTienDoHoSoMC")
    assert response.status_code == 503
    assert int(response.headers["retry-after"]) > 0
    assert (response.json()["error_code"], response.json()["accepted"]) == (-1, 0)
    assert "thành công" not in response.text.lower()


def test_a_payload_of_five_thousand_records_is_taken(ingest: Ingest, key: str) -> None:
    assert sync(ingest, {"data": [line() for _ in range(5000)]}, key, "CapNhatTienDoHoSoMC").json()["accepted"] == 5000
