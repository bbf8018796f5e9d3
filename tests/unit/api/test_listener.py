"""A listener holds the latest event, and only what it does not know."""

from services.api.live.listener import Event, Listener


async def test_only_the_latest_of_what_was_not_taken_is_kept():
    listener = Listener()
    for number in range(3):
        listener.offer(Event(f"tag {number}", f"frame {number}".encode()))
    assert await listener.take(1) == Event("tag 2", b"frame 2")
    assert await listener.take(0.01) is None


async def test_what_is_known_is_not_told_again():
    listener = Listener("seen")
    listener.offer(Event("seen", b"1"))
    assert await listener.take(0.01) is None
    listener.offer(Event("new", b"2"))
    assert await listener.take(1) == Event("new", b"2")
    listener.offer(Event("new", b"3"))
    assert await listener.take(0.01) is None


async def test_an_ended_listener_waits_no_longer():
    listener = Listener()
    listener.end()
    assert await listener.take(60) is None
    assert listener.ended
