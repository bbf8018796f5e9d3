"""Systems that fell silent are found wrong, beside what is wrong with dossiers, and shown to those who may read."""

import asyncio
from collections.abc import Iterator

import pytest

from deploy.local.kafka import Kafka
from tests.integration.api.archiving import Archived, archived_at, at
from tests.integration.api.pages import visible
from tests.integration.api.running import Scorer
from tests.integration.api.test_stale import AFTER, BEFORE, TIMES, hear

LAST = "2026-03-30T16:15:00+07:00"
FOUND = {
    "subject": "mot-cua",
    "code": "silent_system",
    "detail": "H01.187",
    "unit": {"code": "H01.187", "name": "Xã Ba Chúc", "kind": "commune"},
    "since": LAST,
    "silence": {"hours": 8.08, "longest": 2.0},
}


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archived]:
    with archived_at(tmp_path_factory.mktemp("postgres")) as made:
        yield made


def finding(subject: str, since: str) -> dict:
    return {"subject": subject, "code": "no_due", "detail": "", "unit": "H01.187", "since": at(since)}


async def test_a_system_that_fell_silent_is_found_until_it_is_heard_again(own_broker: Kafka, database: Archived, start):
    await asyncio.to_thread(database.fill, (), (), [finding("older", BEFORE), finding("newer", AFTER)], as_of=AFTER)
    with_key = {"Authorization": f"Bearer {await asyncio.to_thread(database.key, 'H01')}"}
    api = start(own_broker.bootstrap, NHIP_DATABASE_URL=database.url, NHIP_NOW="")

    async def found(unit: str = "H01.187", **query: str) -> dict:
        return await asyncio.to_thread(api.get, f"/v1/units/{unit}/findings", headers=with_key, params=query)

    async with Scorer(own_broker.bootstrap, 0) as one, Scorer(own_broker.bootstrap, 1) as other:
        await other.write({}, clock="2026-04-01T08:00:00+07:00")
        await one.begin()
        await hear(one, "2026-03-02", "2026-03-30", *TIMES)
        await one.commit(clock=BEFORE)
        await asyncio.to_thread(api.until_ready)
        assert (await found())["counts"] == {"no_due": 2}
        await one.write({}, clock=AFTER)
        await asyncio.to_thread(api.until, lambda: api.get("/v1/units/H01.187").get("stale"))
        whole = await found()
        assert (whole["counts"], whole["total"]) == ({"no_due": 2, "silent_system": 1}, 3)
        assert [one["subject"] for one in whole["findings"]] == ["newer", "older", "mot-cua"]
        assert whole["findings"][2] == FOUND
        assert (await found(code="silent_system"))["findings"] == [FOUND]
        assert (await found("H01"))["counts"]["silent_system"] == 1
        assert (await found("H01", scope="own"))["counts"]["silent_system"] == 1  # it has no systems but those below it
        pages, after = [], {}
        while len(pages) < 3:
            page = await found(limit="1", **after)
            pages += page["findings"]
            after = {"after": page["next"]}
        assert (pages, page["next"]) == (whole["findings"], None)
        cookie = {"key": with_key["Authorization"].split()[1]}
        await asyncio.to_thread(api.http.post, "/login", data=cookie)
        for lang, said in (
            ("vi", "Im lặng 8,08 giờ làm việc; trước đây lâu nhất 2 giờ"),
            ("en", "Silent for 8.08 working hours"),
        ):
            shown = await asyncio.to_thread(api.http.get, "/units/H01.187/findings", params={"lang": lang})
            assert said in visible(shown.text)
        await one.begin()
        await hear(one, "2026-03-31", "2026-03-31", "16:16")
        await one.commit(clock=AFTER)
        await asyncio.to_thread(api.until, lambda: not api.get("/v1/units/H01.187").get("stale"))
        assert (await found())["counts"] == {"no_due": 2}
