import gzip

import msgspec
import pytest

from deploy.replay.mapping import read_mapping
from deploy.replay.reading import Source, Unreadable, read_events

MAPPING = """\
source: /s
subject: "{code}"
time: "2026-01-01T00:00:00Z"
events:
  - {type: nhip.dossier.processed, when: {n: {not: "0"}}, data: {finished_at: {column: at, as: moment}}}
"""


def lines(path, mapping: str | None = None) -> list[tuple[int, str | None]]:
    """Line number and subject, or the fault."""
    rows = None if mapping is None else read_mapping(mapping, "UTC")
    source = Source(str(path))
    try:
        return [
            (line.number, line.fault or msgspec.json.decode(line.event).get("subject"))
            for line in read_events(source, rows)
        ]
    finally:
        source.close()


def written(tmp_path, name: str, content: bytes):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_events_of_ndjson_go_as_they_stand(tmp_path):
    content = b'\xef\xbb\xbf{"subject": "a"}\n\n  {"subject":  "b"}\r\n{"subject": "c"}'
    path = written(tmp_path, "x.ndjson", content)
    assert [line.event for line in read_events(Source(str(path)), None)] == [
        b'{"subject": "a"}',
        b'{"subject":  "b"}',
        b'{"subject": "c"}',
    ]
    assert [number for number, _ in lines(path)] == [1, 3, 4]


def test_gzip_is_told_by_its_bytes_not_by_its_name(tmp_path):
    path = written(tmp_path, "x.data", gzip.compress(b'{"subject": "a"}\n'))
    assert lines(path) == [(1, "a")]


def test_rows_of_csv_know_their_lines_even_where_cells_hold_line_breaks(tmp_path):
    path = written(tmp_path, "x.csv", b'\xef\xbb\xbfcode,n,at\n"a\nb",1,\nc,0,\nd,1,\n')
    assert lines(path, MAPPING) == [(2, "a\nb"), (5, "d")]


def test_bad_row_does_not_stop_the_others(tmp_path):
    content = b"code,n,at\na,1,today\nb,1\nc,1,2026-01-01T00:00:00Z\n\n" + b"\xff\xfe,1,\ne,1,\n"
    assert lines(written(tmp_path, "x.csv", content), MAPPING) == [
        (2, "column at: not a moment RFC 3339"),
        (3, "the row has 2 cells, the header 3"),
        (4, "c"),
        (6, "a cell is not a text in utf-8-sig"),
        (7, "e"),
    ]


def test_other_delimiters_and_encodings_are_read(tmp_path):
    path = written(tmp_path, "x.csv", "code;n;at\nĐ-1;1;\n".encode("utf-16"))
    assert lines(path, "delimiter: ;\nencoding: utf-16\n" + MAPPING) == [(2, "Đ-1")]


def test_ndjson_rows_are_mapped_too(tmp_path):
    path = written(tmp_path, "x.ndjson", b'{"code": "a", "n": 1}\n{"code": "b", "n": 0}\n[1]\n{"code": 7}\n')
    assert lines(path, MAPPING) == [(1, "a"), (3, "not a JSON object"), (4, "7")]


def test_file_that_breaks_off_is_told_after_what_could_be_read(tmp_path):
    whole = gzip.compress(b"".join(b'{"subject": "%d"}\n' % n for n in range(50_000)))
    path = written(tmp_path, "x.ndjson.gz", whole[: len(whole) // 2])
    read = read_events(Source(str(path)), None)
    assert next(read).number == 1
    with pytest.raises(Unreadable, match="cannot be read to its end"):
        list(read)


def test_missing_file_is_one_clear_line(tmp_path):
    with pytest.raises(Unreadable, match=r"no\.csv: No such file or directory"):
        Source(str(tmp_path / "no.csv"))
