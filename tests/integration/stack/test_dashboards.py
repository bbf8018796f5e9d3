"""What the shipped dashboards ask is asked of a real Prometheus and a real PostgreSQL, by the role that may only read."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from deploy.reader import READABLE, ROLE
from services.common import archived, outbox, published  # noqa: F401  their tables are part of Base
from services.common.database import Base, connect
from tests.dashboards import QUERIES, Query, plain_promql, plain_sql
from tests.e2e.door import push
from tests.integration.stack.watch import Watch
from tests.stack import Stack
from tests.waiting import until

PROVINCE = "H73"
COMMUNE = f"{PROVINCE}.1"
PASSWORD = "of-the-reader"
SQL = [pytest.param(query.text, id=query.panel) for query in QUERIES if query.is_sql]
PROMQL = [query for query in QUERIES if not query.is_sql]
NOTHING_TO_SHOW = {
    "Bị từ chối theo mã lỗi",  # until something is rejected
    "Cảnh báo",  # until one is pending
    "Hệ thống im lặng lâu so với thói quen",  # a habit is known after two working days
    "Đơn vị có nhiều hồ sơ mới trễ hạn nhất",  # until one becomes late
    "Đơn vị có nhiều hồ sơ sắp đến hạn nhất",  # until one is due soon
    "Thông báo gửi đi",  # until a digest is posted
    "Thông báo tạo ra",  # until a notice is made
}
"""Panels that are empty while there is nothing of what they show."""


@pytest.fixture(scope="module", autouse=True)
def told(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A province with a dossier that has ended, and one that is overdue and of a procedure without a due moment."""
    units: Path = tmp_path_factory.mktemp("dashboards") / "units.csv"
    units.write_text(
        f"code,name,kind,parent\n{PROVINCE},Tỉnh thử bảng,province,\n{COMMUNE},Xã thử bảng,commune,{PROVINCE}\n"
    )
    stack.nhip("units", "load", str(units))
    key = stack.key("dashboards", PROVINCE)
    at = datetime.now(UTC) - timedelta(days=6)
    due = (at + timedelta(days=2)).isoformat()

    def event(number: int, kind: str, **data: str) -> dict[str, object]:
        head = {
            "specversion": "1.0",
            "id": f"{number}-{kind}",
            "source": "/dashboards",
            "subject": f"{COMMUNE}-{number}",
        }
        return head | {"type": f"nhip.dossier.{kind}", "time": at.isoformat(), "data": data}

    events = [event(n, "received", unit=COMMUNE, procedure="1.000001", due_at=due) for n in (1, 2)]
    events += [event(2, "processed", outcome="completed"), event(3, "processed", unit=COMMUNE)]
    until(lambda: push(stack, key, *events).json().get("accepted") == len(events), stack.said)
    stack.nhip("wait")
    stack.nhip("prepare", NHIP_READER_PASSWORD="another")
    stack.nhip("prepare", NHIP_READER_PASSWORD=PASSWORD)  # a second time it changes the password


@pytest.fixture
async def reader(stack: Stack) -> AsyncIterator[AsyncConnection]:
    url = make_url(stack.database_url).set(username=ROLE, password=PASSWORD)
    engine = connect(url.render_as_string(hide_password=False))
    async with engine.connect() as connection:
        yield connection
    await engine.dispose()


@pytest.mark.parametrize("query", SQL)
async def test_postgresql_answers_what_a_dashboard_asks(reader: AsyncConnection, query: str, stack: Stack):
    asked = text(plain_sql(query, PROVINCE).replace(":", r"\:"))
    for _ in range(100):
        rows = list(await reader.execute(asked))
        await reader.rollback()
        if rows:
            return
        await asyncio.sleep(0.2)  # the archive is on its way
    pytest.fail(f"no row: {query}\n{stack.said()}")


async def test_who_reads_dashboards_reads_nothing_else_and_changes_nothing(reader: AsyncConnection):
    for table in READABLE:
        await reader.execute(text(f"select * from {table} limit 1"))
    for table in Base.metadata.tables.keys() - set(READABLE):
        with pytest.raises(DBAPIError, match="permission denied"):
            await reader.execute(text(f"select * from {table}"))
        await reader.rollback()
    with pytest.raises(DBAPIError, match=r"read-only transaction|permission denied"):
        await reader.execute(text("delete from finding"))
    await reader.rollback()


def test_prometheus_answers_what_a_dashboard_asks(watch: Watch):
    def missing() -> list[Query]:
        asked = [query for query in PROMQL if query.panel not in NOTHING_TO_SHOW]
        return [query for query in asked if not watch.ask(plain_promql(query.text, PROVINCE))]

    until(lambda: not missing(), lambda: f"{missing()}\n{watch.said()}")
    for query in PROMQL:
        watch.ask(plain_promql(query.text, PROVINCE))  # raises where it is no expression
