"""Facts as they lie in tables, and what `add` did not take."""

import msgspec

from services.scorer.domain.facts import Facts, Happened, add, has, pack, unpack


def synced(time: int, name: str = "1", source: str = "/a") -> tuple[str, None, Happened]:
    return "synced", None, Happened(time, name, source, "s", time)


def test_facts_that_were_packed_before_there_were_notifications_are_read() -> None:
    facts = Facts()
    add(facts, synced(1))
    fields = msgspec.msgpack.decode(pack({"H01": facts}))["H01"]
    older = msgspec.msgpack.encode({"H01": fields[: Facts.__struct_fields__.index("notified")]})
    assert unpack(older) == {"H01": facts}


def test_an_event_that_comes_again_is_told_from_one_that_comes_too_late() -> None:
    facts = Facts()
    add(facts, synced(2))
    assert not add(facts, synced(2))
    assert has(facts, synced(2))
    assert not add(facts, synced(1))
    assert not has(facts, synced(1))
