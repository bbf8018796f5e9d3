"""Rule files are made of templates and values: those shipped are up to date, others differ in nothing but their numbers."""

import pytest
import yaml
from pydantic import ValidationError

from deploy.alerts.build import SHIPPED, files, write
from deploy.alerts.durations import english, prometheus, seconds, vietnamese
from deploy.alerts.settings import AlertSettings


def test_the_shipped_rules_are_up_to_date():
    shipped = {path.name: path.read_text() for path in SHIPPED.iterdir()}
    assert shipped == files(AlertSettings()), "run `python -m deploy.alerts`"


@pytest.mark.parametrize("name", AlertSettings.model_fields)
def test_every_value_has_a_meaning_and_is_used(name: str):
    field = AlertSettings.model_fields[name]
    assert field.description
    other = (
        "http://elsewhere" if name == "page" else field.default + 1 if field.annotation is int else field.default / 2
    )
    assert files(AlertSettings(**{name: other})) != files(AlertSettings())


def test_faster_rules_are_the_same_rules_with_shorter_times():
    made, faster = files(AlertSettings())["late.yml"], files(AlertSettings().faster(60))["late.yml"]
    assert names(made) == names(faster)
    assert "nhip_late_dossiers:total[1h]" in made
    assert "nhip_late_dossiers:total[1m]" in faster
    assert "nhip_late_dossiers:total[15s]" in faster
    assert "within 1 minute" in faster
    assert all("0.125 * unit" in text for text in (made, faster))


def names(text: str) -> list[str]:
    return [
        rule.get("alert", rule.get("record")) for group in yaml.safe_load(text)["groups"] for rule in group["rules"]
    ]


def test_what_is_prometheus_own_to_fill_in_is_left_to_it():
    assert "{{ $labels.unit }}" in files(AlertSettings())["late.yml"]
    assert not any("<<" in text or "<%" in text for text in files(AlertSettings()).values())


def test_links_lead_where_people_find_the_pages():
    made = files(AlertSettings(page="https://nhip.example/app/"))["late.yml"]
    assert 'page: "https://nhip.example/app/units/{{ $labels.unit }}"' in made


def test_files_are_written_beside_what_is_there(tmp_path):
    (tmp_path / "own.yml").write_text("groups: []")
    written = write(tmp_path, AlertSettings())
    assert {path.name for path in tmp_path.iterdir()} == {"own.yml", *(path.name for path in written)}


@pytest.mark.parametrize(
    ("length", "text", "in_english", "in_vietnamese"),
    [
        (3600, "1h", "1 hour", "1 giờ"),
        (900, "15m", "15 minutes", "15 phút"),
        (90, "90s", "90 seconds", "90 giây"),
        (0.5, "500ms", "500 milliseconds", "500 mili giây"),
        (12 * 86400, "12d", "12 days", "12 ngày"),
    ],
)
def test_a_length_of_time_is_written_as_prometheus_and_people_do(length, text, in_english, in_vietnamese):
    assert (prometheus(length), english(length), vietnamese(length)) == (text, in_english, in_vietnamese)
    assert seconds(text) == length


def test_a_length_of_several_units_is_read():
    assert seconds("1h30m") == 5400


@pytest.mark.parametrize("given", ["", "1", "x", "1y", "-1s", "1h "])
def test_what_is_no_length_of_time_is_refused(given: str):
    with pytest.raises(ValidationError, match="no length of time"):
        AlertSettings(late_window=given)
