"""The supervisor with real processes: tiny modules, written into a directory of the test."""

import asyncio
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from deploy.local.logs import MAX_BYTES, LogFile, Output
from deploy.local.process import StackError
from deploy.local.supervisor import BackOff, Program, Supervised

QUICK = BackOff(first=0.01, most=0.02)


class Bench:
    """A place for programs and what they say."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shown = StringIO()
        self.output = Output(Console(file=self.shown, width=200), folder)
        self.pids: asyncio.Queue[int] = asyncio.Queue()

    def supervise(self, source: str, **fields) -> Supervised:
        (self.folder / "program.py").write_text(source)
        env = os.environ | {"PYTHONPATH": str(self.folder)}
        program = Program(name="program", module="program", env=env, **fields)
        return Supervised(program, self.output, QUICK, lambda _name, pid: self.pids.put_nowait(pid))

    async def said(self, text: str) -> None:
        while text not in self.shown.getvalue():
            await asyncio.sleep(0.01)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


async def test_a_program_that_dies_is_started_again(bench: Bench):
    supervised = bench.supervise("import time; print('here', flush=True); time.sleep(600)")
    running = asyncio.create_task(supervised.run())
    for _ in range(4):
        supervised.was_ready = True
        os.kill(await bench.pids.get(), signal.SIGKILL)
    last = await bench.pids.get()
    await supervised.end()
    await running
    with suppress(ProcessLookupError):
        os.kill(last, 0)
        pytest.fail("it lives on")
    assert bench.shown.getvalue().count("program ended (SIGKILL); starting it again") == 4


async def test_a_program_that_never_gets_ready_ends_the_stack_with_its_last_error(bench: Bench):
    supervised = bench.supervise("raise ValueError('no such file: rules.yaml')")
    with pytest.raises(StackError, match=r"program ended 3 times .*ValueError: no such file: rules.yaml"):
        await supervised.run()
    assert bench.pids.qsize() == 3


async def test_what_is_not_needed_may_end_by_itself(bench: Bench):
    await bench.supervise("print('done')", needed=False).run()
    assert bench.pids.qsize() == 1


async def test_a_program_that_ends_cleanly_is_left_to_it(bench: Bench):
    source = """
import signal, sys, time
def end(*_):
    print("committed", flush=True)
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("here", flush=True)
time.sleep(600)
"""
    supervised = bench.supervise(source)
    running = asyncio.create_task(supervised.run())
    await bench.said("here")
    await supervised.end()
    await running
    assert "program │ committed" in bench.shown.getvalue()
    assert "killing" not in bench.shown.getvalue()


async def test_a_program_that_does_not_end_is_killed_after_its_patience(bench: Bench):
    source = "import signal, time; signal.signal(15, signal.SIG_IGN); print('here', flush=True); time.sleep(600)"
    supervised = bench.supervise(source, patience=0.1)
    running = asyncio.create_task(supervised.run())
    await bench.said("here")
    await supervised.end()
    await running
    assert "program does not end, killing it" in bench.shown.getvalue()


async def test_every_line_is_logged_and_shown_however_long(bench: Bench):
    source = "import sys; print('x' * 3_000_000); print('ơn', file=sys.stderr); print('no newline', end='')"
    await bench.supervise(source, needed=False).run()
    lines = (bench.folder / "program.log").read_text("utf-8").splitlines()
    assert sum(len(line) for line in lines if set(line) == {"x"}) == 3_000_000
    assert lines[-2:] == ["ơn", "no newline"]


def test_pauses_double_up_to_the_most():
    pauses: Callable[[int], float] = BackOff(first=0.5, most=30).delay
    assert [pauses(deaths) for deaths in (1, 2, 3, 7, 50)] == [0.5, 1, 2, 30, 30]


def test_a_log_keeps_itself_small(tmp_path: Path):
    log = LogFile(tmp_path / "a.log")
    log.write("x" * MAX_BYTES)
    log.write("new")
    assert (tmp_path / "a.log").read_text() == "new\n"
    assert (tmp_path / "a.log.1").stat().st_size == MAX_BYTES + 1
