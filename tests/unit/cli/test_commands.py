"""Commands as they are called, where no stack is needed: what they say and how they end."""

import re
from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner, Result

from deploy.cli.app import build
from deploy.local.process import free_port
from schemas.rulesets import available
from tests.unit.cli.door import door, taken


@pytest.fixture(autouse=True)
def no_stack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NHIP_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("NHIP_KEY", raising=False)


def nhip(*arguments: str | Path) -> Result:
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(build(words), words, env={"COLUMNS": "200"})


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text)
    return path


EVENTS = '{"n": 1}\n\n{"n": 2}\n{"n": 3}\n'


def test_replay_of_which_all_is_taken_ends_with_0(tmp_path):
    with door(taken) as url:
        result = nhip("replay", written(tmp_path, "e.ndjson", EVENTS), "--key", "k", "--url", url)
    assert (result.exit_code, "3 accepted, 0 rejected" in result.stderr) == (0, True)


def test_replay_with_rejections_ends_with_1_and_keeps_all_of_them_in_a_file(tmp_path):
    def refuse(lines):
        rejected = [{"index": n, "id": f"i{n}", "code": "no", "detail": "[x] why"} for n in range(1, len(lines))]
        return 202, {"accepted": 1, "rejected": rejected}, {}

    kept = tmp_path / "rejected.ndjson"
    events = written(tmp_path, "e.ndjson", EVENTS * 20)
    with door(refuse) as url:
        result = nhip("replay", events, "--key", "k", "--url", url, "--rejected-file", kept)
    assert result.exit_code == 1
    assert "1 accepted, 59 rejected" in result.stderr
    assert "line 3: no [x] why" in result.stderr
    assert "and 39 more" in result.stderr
    found = [msgspec.json.decode(line) for line in kept.read_bytes().splitlines()]
    assert len(found) == 59
    assert found[0] == {"line": 3, "id": "i1", "code": "no", "detail": "[x] why"}


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("e.ndjson", [], "no key: give --key or set NHIP_KEY"),
        ("no.ndjson", ["--key", "k"], "no.ndjson: No such file or directory"),
        ("e.csv", ["--key", "k"], "need --mapping"),
        ("e.csv", ["--key", "k", "--mapping", "none.yaml"], "none.yaml: No such file or directory"),
        ("e.csv", ["--key", "k", "--mapping", "bad.yaml"], "bad.yaml: line 2: the mapping has no 'evnts'"),
        ("e.csv", ["--key", "k", "--mapping", "other.yaml"], "other.yaml: line 1: the file has no column 'c'"),
    ],
)
def test_replay_that_cannot_begin_says_why_in_one_line_and_ends_with_2(tmp_path, monkeypatch, name, options, said):
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "e.ndjson", EVENTS)
    written(tmp_path, "e.csv", "a,b\n1,2\n")
    written(tmp_path, "bad.yaml", "source: x\nevnts: []\n")
    event = "events: [{type: nhip.dossier.voided, source: s, subject: x, time: t}]"
    written(tmp_path, "other.yaml", f'id: "{{c}}"\n{event}\n')
    result = nhip("replay", name, *options)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


def test_wait_without_a_stack_ends_with_1(monkeypatch):
    monkeypatch.setenv("NHIP_KAFKA_BOOTSTRAP", f"127.0.0.1:{free_port()}")
    result = nhip("wait", "--timeout", "2")
    assert result.exit_code == 1
    assert "Kafka" in result.stderr


@pytest.mark.parametrize("ruleset", available())
def test_every_packaged_rule_set_is_one(ruleset):
    result = nhip("rulesets", "check", f"schemas/rulesets/{ruleset}.yaml")
    assert (result.exit_code, f"{ruleset} is a rule set (" in result.stdout) == (0, True), result.stderr


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("\nmax: 100", "\nmax: many", "Invalid decimal"),
        ("\nmax: 100", "\nmax: 99", "max is 99, but its parts add up to 100"),
        (
            "\n        numerator: in_time\n",
            "\n        numerator: in_times\n",
            "character 1: unknown measure 'in_times'",
        ),
        ("\n    source: decision, nhóm 2;", "\n    source: decree, nhóm 2;", "begins with none of the sources"),
        ("\nstatus: in_force", "\nstatus: historical", "until when it held"),
    ],
)
def test_file_that_is_no_rule_set_is_told_with_its_line(tmp_path, old, new, reason):
    good = Path("schemas/rulesets/766-portal-2026.yaml").read_text()
    assert good.count(old) == 1
    bad = nhip("rulesets", "check", written(tmp_path, "bad.yaml", good.replace(old, new)))
    line = good[: good.index(old)].count("\n") + 2
    assert (bad.exit_code, f"bad.yaml: line {line}:" in bad.stderr, reason in bad.stderr) == (1, True, True), bad.stderr


def test_file_that_cannot_be_read_as_text_is_told_too(tmp_path):
    (tmp_path / "bytes.yaml").write_bytes(b"id: \xff")
    assert "not a text in UTF-8" in nhip("rulesets", "check", str(tmp_path / "bytes.yaml")).stderr
    missing = nhip("rulesets", "check", str(tmp_path / "none.yaml"))
    assert (missing.exit_code, "No such file" in missing.stderr) == (2, True)


def test_alert_rules_are_written_with_values_of_ones_own(tmp_path):
    result = nhip("alerts", "write", tmp_path, "--faster", "60", "--set", "late_lately=10s", "--set", "late_unit=7")
    assert (result.exit_code, str(tmp_path / "late.yml") in result.stdout) == (0, True), result.stderr
    text = (tmp_path / "late.yml").read_text()
    assert "nhip_late_dossiers:total[1m]" in text
    assert "nhip_late_dossiers:total[10s]" in text
    assert "nhip_late_dossiers:rise + 7" in text


def test_values_of_alert_rules_are_listed_with_what_they_mean():
    said = nhip("alerts", "settings").stdout
    assert re.search(r"late_window +│ 1h +│ LateDossierSpike: the time", said)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("late_window=soon", "late_window=soon: 'soon' is no length of time, such as 90s"),
        ("late_unit=0", "late_unit=0: Input should be greater than 0"),
        ("unknown=1", "unknown=1: Extra inputs are not permitted"),
        ("late_unit", "late_unit=: Input should be a valid integer"),
    ],
)
def test_a_wrong_value_of_alert_rules_is_told_and_nothing_is_written(tmp_path, value, said):
    result = nhip("alerts", "write", tmp_path / "rules", "--set", value)
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr
    assert not (tmp_path / "rules").exists()
