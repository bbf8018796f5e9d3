from pathlib import Path

import pytest

from deploy.local.home import Home, State
from deploy.local.process import StackError

STATE = State(
    pid=1,
    kafka_bootstrap="127.0.0.1:1",
    database_url="postgresql://x",
    timezone="Asia/Ho_Chi_Minh",
    ports={"api": 8000},
)


def test_a_directory_with_other_things_is_never_taken(tmp_path: Path):
    precious = tmp_path / "thesis.txt"
    precious.write_text("years of work")
    with pytest.raises(StackError, match="no home of nhip"):
        Home(tmp_path).take()
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_no_home(tmp_path: Path):
    (tmp_path / "home").touch()
    with pytest.raises(StackError, match="no directory"):
        Home(tmp_path / "home").take()


def test_emptying_deletes_the_data_and_follows_no_link(tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    home = Home(tmp_path / "home")
    home.take()
    (home.path / "kafka").mkdir()
    (home.path / "kafka" / "segment").touch()
    (home.path / "link").symlink_to(elsewhere)
    home.write(STATE)
    home.empty()
    assert sorted(entry.name for entry in home.path.iterdir()) == ["logs", "nhip-home", "stack.lock"]
    assert (elsewhere / "kept").exists()


def test_a_home_is_taken_by_one_stack_at_a_time(tmp_path: Path):
    first = Home(tmp_path / "home")
    first.take()
    first.write(STATE)
    with pytest.raises(StackError, match=r"runs already.*pid 1, http://127.0.0.1:8000/"):
        Home(tmp_path / "home").take()


def test_the_state_counts_only_while_its_stack_runs(tmp_path: Path):
    home = Home(tmp_path / "home")
    home.take()
    home.write(STATE)
    seen = Home(tmp_path / "home")
    assert seen.running() == STATE
    del home  # the lock goes with its holder, as with a process that ends
    assert seen.running() is None
    assert seen.read() == STATE


def test_the_state_is_for_its_owner_alone(tmp_path: Path):
    home = Home(tmp_path / "home")
    home.take()
    home.write(STATE)
    assert (home.path / "stack.json").stat().st_mode & 0o077 == 0


def test_a_home_that_was_never_started_runs_nothing(tmp_path: Path):
    assert Home(tmp_path / "home").running() is None
