"""Every metric of the api, with its meaning beside it."""

from prometheus_client import Counter, Gauge, Histogram

__all__ = ["APPLY_SECONDS", "AS_OF", "MEMORY", "RECONNECTS", "REQUEST_SECONDS", "REVISION", "ROWS", "TRANSACTIONS"]

ROWS = Counter("nhip_api_rows", "Rows of the changelog put into the cube")
TRANSACTIONS = Counter("nhip_api_batches", "Batches of whole transactions put into the cube")
APPLY_SECONDS = Histogram(
    "nhip_api_apply_seconds",
    "Seconds to put a batch into the cube",
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2, 10, 60),
)
RECONNECTS = Counter(
    "nhip_api_reconnects", "Times that the reader of the changelog was replaced (broker away or silent)"
)
AS_OF = Gauge(
    "nhip_api_as_of_seconds", "Moment up to which all partitions are shown, seconds since 1970; its age is the lag"
)
REVISION = Gauge("nhip_api_revision", "Revision of the cube: grows with every transaction")
MEMORY = Gauge(
    "nhip_api_cube_bytes", "Memory set aside for the cube's arrays, by part; rows: number of rows kept", ["part"]
)
REQUEST_SECONDS = Histogram(
    "nhip_api_request_seconds",
    "Seconds from the request to its answer, by route and status",
    ["route", "status"],
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5),
)
