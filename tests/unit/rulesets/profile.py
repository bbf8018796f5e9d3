"""How the property tests of this folder run: no test asserts a time, because the machine may be busy."""

from hypothesis import HealthCheck, settings

untimed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
