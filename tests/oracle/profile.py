"""How many histories a property test draws: moderate by default, `NHIP_TEST_EXAMPLES=20000` for a long hunt."""

import os

from hypothesis import HealthCheck, settings

many = settings(
    max_examples=int(os.environ.get("NHIP_TEST_EXAMPLES", "300")),
    deadline=None,  # the machine is shared; no test asserts a time
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],  # a history of six dossiers is large on purpose
)
