"""One worker against the real broker."""

from tests.integration.engine.kafka_side import KafkaSide


async def test_numbers_sent_in_become_sums(side: KafkaSide) -> None:
    numbers = [(b"key-%d" % (i % 50), i) for i in range(10_000)]
    expected = {b"key-%d" % k: sum(range(k, 10_000, 50)) for k in range(50)}
    await side.send(numbers)
    async with side.engine():
        await side.sums_become(expected)
