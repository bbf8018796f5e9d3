import pytest

from deploy.replay.mapping import Fault, RowFault, read_mapping

HEAD = """\
source: /s
subject: "{code}"
time: {column: at, as: moment}
events:
"""
PROCESSED = HEAD + "  - {type: nhip.dossier.processed}\n"


def events(mapping: str, **row: object) -> list[dict]:
    return list(read_mapping(mapping, "Asia/Ho_Chi_Minh").events(row))


def data(field: str, **row: object) -> object:
    written = HEAD + f"  - type: nhip.dossier.processed\n    data:\n      {field}\n"
    (event,) = events(written, code="A", at="2026-01-02T03:04:05Z", **row)
    return event["data"].get(field.partition(":")[0])


def fault(mapping: str) -> str:
    with pytest.raises(Fault) as caught:
        read_mapping(mapping, "Asia/Ho_Chi_Minh")
    return str(caught.value)


def test_row_becomes_an_event():
    (event,) = events(PROCESSED, code="A-1", at="2026-01-02T03:04:05Z")
    assert event.pop("id")
    assert event == {
        "specversion": "1.0",
        "type": "nhip.dossier.processed",
        "source": "/s",
        "subject": "A-1",
        "time": "2026-01-02T03:04:05+00:00",
        "data": {},
    }


def test_row_may_become_several_events_or_none():
    mapping = HEAD + (
        "  - {type: nhip.dossier.processed, when: {kind: [done, closed], hidden: {not: yes}}}\n"
        '  - {type: nhip.dossier.returned, when: {kind: done, out: {not: ""}}}\n'
    )
    row = {"code": "A", "at": "2026-01-02T03:04:05Z"}
    kinds = [event["type"][13:] for event in events(mapping, kind="done", out="1", hidden="no", **row)]
    assert kinds == ["processed", "returned"]
    assert [event["type"][13:] for event in events(mapping, kind="closed", out="1", hidden="", **row)] == ["processed"]
    assert events(mapping, kind="done", out=" ", hidden="yes", **row) == []


def test_id_without_a_template_is_the_row_itself():
    row = {"code": "A", "at": "2026-01-02T03:04:05Z", "x": "1"}
    (one,), (again,), (other,) = (
        events(PROCESSED, **row),
        events(PROCESSED, **dict(reversed(row.items()))),
        events(PROCESSED, **row | {"x": "2"}),
    )
    assert one["id"] == again["id"] != other["id"]


@pytest.mark.parametrize(
    ("field", "cell", "expected"),
    [
        ("outcome: refused", "", "refused"),
        ("result_file: true", "", True),
        ("outcome: {column: x}", " stopped ", "stopped"),
        ("outcome: {column: x}", "", None),
        ("outcome: {column: x, map: {1: refused, Y: stopped}}", "1", "refused"),
        ("outcome: {column: x, map: {1: refused}, else: completed}", "7", "completed"),
        ("outcome: {column: x, map: {1: refused}, else: null}", "7", None),
        ('outcome: {column: x, map: {"": refused}}', " ", "refused"),
        ("outcome: {column: x, map: {1: refused}, else: completed}", "", None),
        ("result_file: {column: x, as: boolean}", "Có", True),
        ("result_file: {column: x, as: boolean}", "0", False),
        ("result_file: {column: x, as: integer}", "12", 12),
        ("result_file: {column: x, as: number}", "1.5", 1.5),
        ("finished_at: {column: x, as: moment}", "2026-03-01T08:00:00", "2026-03-01T08:00:00+07:00"),
        ("finished_at: {column: x, as: moment}", "2026-03-01", "2026-03-01"),
        ("finished_at: {column: x, format: '%d/%m/%Y %H:%M'}", "31/12/2026 08:30", "2026-12-31T08:30:00+07:00"),
        ("finished_at: {column: x, format: '%d/%m/%Y', as: day}", "31/12/2026", "2026-12-31"),
        (
            "finished_at: {column: x, as: moment, zone: America/New_York}",
            "2026-07-01T08:00:00",
            "2026-07-01T08:00:00-04:00",
        ),
        ('outcome: "{x}/{{x}}"', "7", "7/{x}"),
        ('outcome: "{x}/fixed"', "", None),
    ],
)
def test_cell_becomes_what_the_mapping_says(field, cell, expected):
    assert data(field, x=cell) == expected


@pytest.mark.parametrize(
    "field",
    [
        "outcome: {column: x, map: {1: refused}}",
        "result_file: {column: x, as: boolean}",
        "result_file: {column: x, as: integer}",
        "finished_at: {column: x, as: moment}",
        "finished_at: {column: x, format: '%d/%m/%Y'}",
    ],
)
def test_cell_that_does_not_fit_is_named_but_not_quoted(field):
    with pytest.raises(RowFault, match="column x") as caught:
        data(field, x="Nguyễn Văn A")
    assert "Nguyễn" not in str(caught.value)


def test_shared_fields_hold_where_a_type_has_them():
    mapping = (
        'data: {unit: "{unit}", outcome: refused}\n'
        + HEAD
        + ("  - {type: nhip.dossier.processed}\n  - {type: nhip.dossier.voided, data: {unit: X}}\n")
    )
    one, other = events(mapping, code="A", at="2026-01-02T03:04:05Z", unit="H01")
    assert (one["data"], other["data"]) == ({"unit": "H01", "outcome": "refused"}, {"unit": "X"})


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("", "line 1: the file is empty"),
        ("a: [", "line 1: not YAML"),
        ("- a", "line 1: the mapping must be a mapping"),
        ("source: x\nsource: y", "line 2: 'source' stands twice"),
        ("sauce: x", "line 1: the mapping has no 'sauce'; known: data, delimiter"),
        ("source: x", "line 1: the mapping needs `events`"),
        ("events: []", "line 1: events must be a list"),
        (HEAD + "  - {when: {a: b}}", "line 5: events[1] needs a `type`"),
        (HEAD + "  - {type: nhip.dossier.done}", "line 5: events[1]: no event type 'nhip.dossier.done'; known:"),
        ("source: /s\nevents:\n  - {type: nhip.dossier.voided}", "line 3: events[1] needs a `subject`"),
        (
            HEAD + "  - {type: nhip.dossier.received}",
            "line 5: events[1]: an event nhip.dossier.received needs data.unit",
        ),
        (HEAD + "  - type: nhip.dossier.voided\n    data: {price: 1}", "line 6: events[1].data has no 'price'"),
        ("data: {price: 1}\n" + PROCESSED, "line 1: data: no event has a field 'price'"),
        ("zone: Mars/Base\n" + PROCESSED, "line 1: zone: no time zone 'Mars/Base'"),
        ("format: xml\n" + PROCESSED, "line 1: format is one of csv, ndjson"),
        ("delimiter: '||'\n" + PROCESSED, "line 1: delimiter is one character"),
        ("encoding: klingon\n" + PROCESSED, "line 1: no encoding 'klingon'"),
        (PROCESSED + '    id: "{}"\n', "line 6: not YAML"),
        (HEAD + "  - type: nhip.dossier.voided\n    id: '{x:>3}'", "line 6: events[1].id: in braces stands a column"),
        (HEAD + "  - type: nhip.dossier.voided\n    id: '{x'", "line 6: events[1].id:"),
        (HEAD + "  - type: nhip.dossier.voided\n    id: {map: {a: b}}", "line 6: events[1].id needs a `column`"),
        (HEAD + "  - type: nhip.dossier.voided\n    id: {column: a, as: date}", "line 6: events[1].id.as is one of"),
        (HEAD + "  - type: nhip.dossier.voided\n    id: {column: a, else: b}", "`else` needs a `map`"),
        (HEAD + "  - type: nhip.dossier.voided\n    when: {a: {is: b}}", "line 6: events[1].when.a has no 'is'"),
    ],
)
def test_fault_in_a_mapping_is_told_with_its_line(mapping, said):
    assert said in fault(mapping)


def test_column_that_the_file_has_not_is_told_with_the_line_that_names_it():
    with pytest.raises(Fault, match="line 2: the file has no column 'code'; it has: a, at"):
        read_mapping(PROCESSED, "UTC").check_header(["a", "at"])
