"""The commands beside `nhip up`, on a running stack."""

import asyncio
import subprocess
from pathlib import Path

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from sqlalchemy import select

from deploy.local.process import spawn
from schemas.topics import UNIT_TREE
from schemas.units import UnitTree
from services.common.database import SystemKey, connect
from services.common.keys import hash_key
from tests.stack import NHIP, Stack, clean_env
from tests.waiting import until

pytestmark = pytest.mark.timeout(600)

HEAD = "code,name,kind,parent\n"


@pytest.fixture(scope="module")
def bare(start_stack) -> Stack:
    """Kafka and PostgreSQL alone; the tree is this module's own."""
    return start_stack(services=[])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "units.csv"
    path.write_text(HEAD + "H01,An Giang,province,\nH01.06,Sở Một,department,H01\n")
    return path


def published(stack: Stack) -> UnitTree:
    """The tree that the services see."""

    async def read() -> UnitTree:
        consumer = AIOKafkaConsumer(bootstrap_servers=stack.kafka, max_partition_fetch_bytes=16 << 20)
        await consumer.start()
        try:
            place = TopicPartition(UNIT_TREE, 0)
            consumer.assign([place])
            consumer.seek(place, (await consumer.end_offsets([place]))[place] - 1)
            return UnitTree.from_json((await consumer.getone()).value)
        finally:
            await consumer.stop()

    return asyncio.run(read())


def test_units_are_added_and_the_whole_tree_is_published(bare: Stack, file: Path):
    bare.nhip("units", "load", str(file), "--replace")
    file.write_text(HEAD + "H01.07,Sở Hai,department,H01\nH01.06,Sở Một mới,department,H01\n")
    bare.nhip("units", "load", str(file))
    tree = published(bare)
    assert [(unit.code, unit.name) for unit in tree] == [
        ("H01", "An Giang"),
        ("H01.06", "Sở Một mới"),
        ("H01.07", "Sở Hai"),
    ]


def test_replace_makes_the_file_the_whole_tree(bare: Stack, file: Path):
    bare.nhip("units", "load", str(file))
    file.write_text(HEAD + "H02,Hà Giang,province,\n")
    bare.nhip("units", "load", str(file), "--replace")
    assert [unit.code for unit in published(bare)] == ["H02"]


def test_a_faulty_file_changes_nothing_and_names_the_line(bare: Stack, file: Path):
    bare.nhip("units", "load", str(file), "--replace")
    file.write_text(HEAD + "H03,C,x,\nH03.1,D,x,H09\n")
    refused = bare.nhip("units", "load", str(file), check=False)
    assert refused.returncode == 1
    assert refused.stderr == f"{file}, line 3: parent 'H09' of unit 'H03.1' is not in the tree\n"
    assert "H03" not in published(bare)


def test_the_built_in_tree_is_loaded_by_its_name_also_over_another(bare: Stack, file: Path):
    file.write_text(HEAD + "H33,Kiên Giang,province,\nH33.1,Xã Ba,commune,H33\n")
    bare.nhip("units", "load", str(file), "--replace")
    done = bare.nhip("units", "load", "vietnam")
    assert done.stdout == "3400 units loaded; the tree has 3401\n"
    tree = published(bare)
    assert (tree["H01"].name, tree["H33"].successor) == ("An Giang", "H01")
    assert tree.may_speak("H01", "H33.1")


def test_a_key_stands_last_on_its_line_and_only_its_hash_is_kept(bare: Stack, file: Path):
    bare.nhip("units", "load", str(file), "--replace")
    said = bare.nhip("keys", "create", "--system", "mot cua", "--unit", "H01", "--read").stdout
    key = said.split()[-1]
    assert len(key) > 40
    row = asyncio.run(key_row(bare, key))
    assert (row.system, row.unit, row.may_read, row.may_close, row.revoked_at) == ("mot cua", "H01", True, False, None)
    assert key not in bare.nhip("keys", "list").stdout
    bare.nhip("keys", "revoke", str(row.id))
    assert asyncio.run(key_row(bare, key)).revoked_at is not None


async def key_row(stack: Stack, key: str):
    engine = connect(stack.database_url)
    try:
        async with engine.connect() as at:
            return (await at.execute(select(SystemKey.__table__).where(SystemKey.hash == hash_key(key)))).one()
    finally:
        await engine.dispose()


def test_no_key_is_made_for_an_unknown_unit_and_none_revoked_that_is_not_there(bare: Stack):
    for command in (["create", "--system", "mc", "--unit", "H99"], ["revoke", "999999"]):
        refused = bare.nhip("keys", *command, check=False)
        assert refused.returncode == 1
        assert "There is no" in refused.stderr
        assert len(refused.stderr.splitlines()) == 1


def test_without_a_stack_a_command_says_so_in_one_line(tmp_path: Path):
    env = clean_env(
        NHIP_HOME=str(tmp_path / "none"), COLUMNS="300", NHIP_DATABASE_URL="postgresql+asyncpg://n@127.0.0.1:1/n"
    )
    done = subprocess.run([*NHIP, "keys", "list"], check=False, capture_output=True, text=True, env=env, timeout=60)
    assert done.returncode == 1
    assert "is the stack running (`nhip up`)?" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_settings_are_listed_and_secrets_hidden(bare: Stack):
    listed = bare.nhip(
        "settings",
        NHIP_DATABASE_URL="postgresql+asyncpg://n:verysecret@127.0.0.1/n",
        NHIP_NOTICES_GATHER_SECONDS="7",
        NHIP_NOW="",
        COLUMNS="40",
    ).stdout
    lines = listed.splitlines()
    assert "NHIP_NOTICES_GATHER_SECONDS=7.0  (notices)" in lines
    assert "[default: 60]" in listed
    assert {"NHIP_NOW=  (all)", f"NHIP_HOME={bare.home}  (all)", "NHIP_DATABASE_URL=••••  (all)"} <= set(lines)
    assert {"NHIP_TIMEZONE", "NHIP_API_PORT", "NHIP_INGEST_PORT", "NHIP_SCORER_PORT"} <= {
        line.partition("=")[0] for line in lines
    }
    assert "verysecret" not in listed


def test_a_further_worker_joins_the_running_stack_and_leaves_cleanly(stack: Stack, tmp_path: Path):
    log = tmp_path / "worker.log"
    with log.open("wb") as output:
        worker = spawn([*NHIP, "worker"], output=output, env=stack.env)
    until(lambda: "Scorer on http://" in log.read_text(), log.read_text)
    url = log.read_text().partition("Scorer on ")[2].split()[0]
    until(lambda: _ready(url), log.read_text)
    worker.terminate()
    assert worker.wait(60) == 0, log.read_text()


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}healthz/ready").status_code == 200
    except httpx.TransportError:
        return False
