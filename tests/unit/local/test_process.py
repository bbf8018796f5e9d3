import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from deploy.local.leftovers import end_leftover, is_ours, listens, read_pid
from deploy.local.process import end, free_port, port_is_free, spawn
from tests.waiting import until

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
PARENT = """
import subprocess, sys, time
from deploy.local.process import spawn
child = spawn([sys.executable, "-c", "import time; time.sleep(600)"], output=subprocess.DEVNULL)
print(child.pid, flush=True)
time.sleep(600)
"""


def test_a_child_dies_with_a_parent_that_was_killed():
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_ours(child, "import time; time.sleep(600)")
        parent.kill()
    until(lambda: not is_ours(child, "import time; time.sleep(600)"))


def test_a_child_that_ignores_the_request_is_killed():
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
    )
    read_end, write_end = os.pipe()
    child = spawn([sys.executable, "-c", deaf], output=write_end)
    os.close(write_end)
    with os.fdopen(read_end) as said:
        assert said.readline() == "deaf\n"
        end(child, patience=0.1)
    assert child.returncode == -signal.SIGKILL


def test_ending_what_has_ended_does_nothing():
    child = spawn([sys.executable, "-c", ""], output=subprocess.DEVNULL)
    child.wait()
    end(child, patience=1)
    assert child.returncode == 0


def test_a_port_in_use_is_seen():
    port = free_port()
    assert port_is_free(port)
    with socket.create_server(("127.0.0.1", port)):
        assert not port_is_free(port)
        assert listens(os.getpid(), port)
        assert not listens(os.getppid(), port)
    assert port_is_free(port)


def test_only_a_process_with_the_mark_on_its_command_line_is_ended(tmp_path: Path):
    mark = str(tmp_path)
    ours = spawn([*SLEEPER, mark], output=subprocess.DEVNULL)
    other = spawn([*SLEEPER, mark + "-of-somebody-else"], output=subprocess.DEVNULL)
    try:
        until(lambda: is_ours(ours.pid, mark))
        assert not end_leftover(other.pid, mark)
        assert other.poll() is None
        assert end_leftover(ours.pid, mark)
        assert ours.poll() is not None
    finally:
        end(other, patience=5)


def test_a_pid_file_may_be_missing_or_broken(tmp_path: Path):
    assert read_pid(tmp_path / "none.pid") is None
    (tmp_path / "empty.pid").touch()
    assert read_pid(tmp_path / "empty.pid") is None
    (tmp_path / "good.pid").write_text("42\n/some/path\n")
    assert read_pid(tmp_path / "good.pid") == 42
