from deploy.replay.progress import lag


def test_nothing_lags_when_every_partition_is_served_to_its_end():
    assert lag({("e", 0): 5, ("e", 1): 7}, {0: {"e": 5}, 1: {"e": 9, "other": 0}}) == []


def test_each_partition_that_lags_is_named():
    assert lag({("e", 0): 5, ("e", 1): 7, ("f", 1): 1}, {0: {"e": 5}, 1: {"e": 3}}) == [
        "e partition 1: 4 of 7 events are not in the scores yet",
        "f partition 1: 1 of 1 events are not in the scores yet",
    ]
