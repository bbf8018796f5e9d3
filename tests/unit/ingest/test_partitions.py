"""Keys go where Kafka's own clients put them."""

import pytest
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.partitioner import murmur2 as reference
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.partitions import by_partition, murmur2, partition_of

# Published with Apache Kafka: org.apache.kafka.common.utils.UtilsTest.testMurmur2
KAFKA = {b"21": -973932308, b"foobar": -790332482, b"a-little-bit-long-string": -985981536, b"abc": 479470107}


@pytest.mark.parametrize("key", KAFKA)
def test_the_hash_is_that_of_kafka(key: bytes) -> None:
    assert murmur2(key) == KAFKA[key] & 0xFFFFFFFF


@given(st.binary(max_size=600), st.integers(1, 64))
def test_every_key_goes_where_aiokafka_puts_it(key: bytes, partitions: int) -> None:
    assert murmur2(key) == reference(key)
    assert partition_of(key, partitions) == DefaultPartitioner()(key, list(range(partitions)), [])


@given(st.lists(st.tuples(st.binary(max_size=8), st.binary(max_size=2))))
def test_grouping_keeps_every_record_and_the_order_within_a_partition(records: list[tuple[bytes, bytes]]) -> None:
    groups = by_partition(records, 4)
    for number, group in groups.items():
        assert group == [record for record in records if partition_of(record[0], 4) == number]
    assert sum(map(len, groups.values())) == len(records)
