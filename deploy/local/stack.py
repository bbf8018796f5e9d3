"""The embedded stack: Kafka, PostgreSQL and the services, started in order, kept running, stopped in order."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
from aiokafka.errors import KafkaError
from sqlalchemy.exc import SQLAlchemyError

from deploy.local import download
from deploy.local.home import Home, State
from deploy.local.kafka import Kafka
from deploy.local.leftovers import listens
from deploy.local.logs import Output
from deploy.local.postgres import Postgres
from deploy.local.process import StackError, free_port, local_host, port_is_free
from deploy.local.server import POLL_SECONDS, Server
from deploy.local.supervisor import BackOff, Program, Supervised
from deploy.prepare import prepare
from services.common.settings import (
    ApiSettings,
    ArchiveSettings,
    CommonSettings,
    IngestSettings,
    NoticesSettings,
    ScorerSettings,
    StackSettings,
)
from services.common.topics import TopicError

__all__ = ["BESIDE", "SERVICES", "Plan", "Stack"]

SERVICES = ("ingest", "scorer", "api")
"""In the order in which they stop: first nothing comes in any more, then what came in is counted and shown."""

BESIDE = {"archive": "services.scorer.archive", "notices": "services.notices"}
"""Run beside them; nobody waits for these. By name, with their modules."""

_PORTS: Mapping[str, tuple[str, Callable[[], int]]] = {
    "ingest": ("NHIP_INGEST_PORT", lambda: IngestSettings().port),
    "scorer": ("NHIP_SCORER_PORT", lambda: ScorerSettings().port),
    "api": ("NHIP_API_PORT", lambda: ApiSettings().port),
    "archive": ("NHIP_ARCHIVE_PORT", lambda: ArchiveSettings().port),
    "notices": ("NHIP_NOTICES_PORT", lambda: NoticesSettings().port),
}
_ASK_SECONDS = 0.1
_SAY_SECONDS = 5.0
_WATCH_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What `nhip up` was asked to do."""

    fresh: bool = False
    services: Sequence[str] = SERVICES
    beside: Sequence[str] = tuple(BESIDE)
    after_ready: Sequence[Program] = ()
    """Started once the services are ready (the demo)."""
    env: Mapping[str, str] = field(default_factory=dict)
    """Settings for the services beyond the environment."""
    when_ready: Callable[[State], None] = lambda _state: None


class Stack:
    """One embedded stack in one home."""

    def __init__(self, settings: StackSettings, plan: Plan, output: Output) -> None:
        """Nothing runs yet."""
        self._settings = settings
        self._plan = plan
        self._output = output
        self._home = Home(settings.home)
        self._ports = {name: _PORTS[name][1]() for name in plan.services}
        for name in plan.beside:
            self._ports[name] = _port_beside(name, settings.host)
        self._kafka = Kafka(self._home.path / "kafka", settings.kafka_port)
        self._postgres = Postgres(self._home.path / "postgres", settings.postgres_port)
        self._pids: dict[str, int] = {}
        self._supervised: dict[str, Supervised] = {}
        self._work: list[asyncio.Task[None]] = []
        self._is_ready = False
        self._stop_asked = asyncio.Event()

    async def run(self) -> None:
        """Start everything and keep it running until SIGINT or SIGTERM; a second one kills what still runs.

        Raises:
            StackError: something cannot start; all is stopped again.
        """
        self._home.take()
        self._end_leftovers()
        if self._plan.fresh:
            self._home.empty()
        self._check_ports()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, self._ask_to_stop)
        try:
            async with asyncio.TaskGroup() as tasks:
                self._begin(tasks, self._start(tasks))
                await self._stop_asked.wait()
                await self._stop()
        except* (StackError, TopicError, SQLAlchemyError, KafkaError, OSError) as several:
            await self._stop()
            raise StackError(str(_first(several))) from several
        self._home.forget()
        self._output.say("stopped")

    def _begin(self, tasks: asyncio.TaskGroup, work: Coroutine[Any, Any, None]) -> None:
        """Something that goes on until the stack stops. If it fails, all of the stack ends."""
        self._work.append(tasks.create_task(work))

    async def _start(self, tasks: asyncio.TaskGroup) -> None:
        """Everything up to the moment when the stack is ready."""
        await self._download()
        await self._start_servers()
        await prepare(CommonSettings(kafka_bootstrap=self._kafka.bootstrap, database_url=self._postgres.url))
        for server in (self._kafka, self._postgres):
            self._begin(tasks, self._keep(server))
        self._write_state()
        for name in self._plan.services:
            self._start_program(tasks, Program(name=name, module=f"services.{name}", env=self._env()))
        for name in self._plan.beside:
            self._start_program(tasks, Program(name=name, module=BESIDE[name], env=self._env(), needed=False))
        await self._until_ready()
        self._is_ready = True
        self._plan.when_ready(self._write_state())
        for program in self._plan.after_ready:
            self._start_program(tasks, program)

    async def _download(self) -> None:
        """What the first start needs, in a process of its own, which Ctrl-C can end."""
        if not download.is_needed():
            return
        self._output.say("The first start downloads Apache Kafka (about 45 MB); it is kept for later starts")
        loader = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "deploy.local.download", stdout=asyncio.subprocess.PIPE, start_new_session=True
        )
        line = ""
        try:
            assert loader.stdout is not None  # noqa: S101 - it was asked for
            async for raw in loader.stdout:
                line = raw.decode().strip()
                self._output.line(download.NAME, line)
            if await loader.wait():
                raise StackError(line)
        finally:
            if loader.returncode is None:
                loader.kill()

    async def _start_servers(self) -> None:
        self._output.say(f"Starting PostgreSQL and Kafka in {self._home.path}")
        servers: list[Server] = [self._postgres, self._kafka]  # the quicker one first: they come up side by side
        for server in servers:
            server.launch()
            self._pids[server.NAME] = server.pid
        for server in servers:
            await self._until_answers(server)
            self._output.say(f"{server.NAME} answers on 127.0.0.1:{server.port}")

    async def _until_answers(self, server: Server) -> None:
        while not server.is_ready():
            await asyncio.sleep(POLL_SECONDS)

    async def _keep(self, server: Server) -> None:
        """Start a server again when it dies, on the same port and data."""
        back_off, deaths = BackOff(), 0
        while True:
            while server.alive:
                await asyncio.sleep(_WATCH_SECONDS)
            deaths += 1
            if deaths > Supervised.GIVE_UP_AFTER:
                raise StackError(f"{server.NAME} ended {deaths} times; see {server.log}")
            self._output.say(f"{server.NAME} ended; starting it again", "yellow")
            await asyncio.sleep(back_off.delay(deaths))
            server.launch()
            self._pids[server.NAME] = server.pid
            await self._until_answers(server)
            self._write_state()
            deaths = 0
            self._output.say(f"{server.NAME} answers again")

    def _start_program(self, tasks: asyncio.TaskGroup, program: Program) -> None:
        supervised = Supervised(program, self._output, on_start=self._note_start)
        self._supervised[program.name] = supervised
        self._begin(tasks, supervised.run())

    def _note_start(self, name: str, pid: int) -> None:
        self._pids[name] = pid
        self._write_state()

    async def _until_ready(self) -> None:
        """Ask each service until it says that it is ready; say from time to time what is missing."""
        host = local_host(self._settings.host)
        async with httpx.AsyncClient(timeout=5, trust_env=False) as http, asyncio.TaskGroup() as tasks:
            for name in self._plan.services:
                url = f"http://{host}:{self._ports[name]}/healthz/ready"
                tasks.create_task(self._ask(http, name, url))

    async def _ask(self, http: httpx.AsyncClient, name: str, url: str) -> None:
        loop = asyncio.get_running_loop()
        say_at = loop.time() + _SAY_SECONDS
        while (missing := await self._missing(http, name, url)) is not None:
            if loop.time() > say_at:
                self._output.say(f"Waiting for {name}: {missing}")
                say_at = loop.time() + _SAY_SECONDS
            await asyncio.sleep(_ASK_SECONDS)
        self._supervised[name].was_ready = True
        self._output.say(f"{name} is ready: {url.removesuffix('/healthz/ready')}/")

    async def _missing(self, http: httpx.AsyncClient, name: str, url: str) -> str | None:
        """What a service says that it lacks; None when it is ready."""
        if not listens(self._pids.get(name, -1), self._ports[name]):
            return "it does not answer yet"
        try:
            answer = await http.get(url)
        except httpx.TransportError:
            return "it does not answer yet"
        if answer.status_code == httpx.codes.OK:
            return None
        with suppress(ValueError):
            body = answer.json()
            missing = body.get("missing", body) if isinstance(body, dict) else body
            return "; ".join(map(str, missing.values() if isinstance(missing, dict) else [missing]))
        return f"HTTP {answer.status_code}"

    def _write_state(self) -> State:
        state = State(
            pid=os.getpid(),
            kafka_bootstrap=self._kafka.bootstrap,
            database_url=self._postgres.url,
            timezone=self._settings.timezone,
            now=self._settings.now,
            working_hours=self._settings.working_hours,
            unit_hours=self._settings.unit_hours,
            working_days=str(self._settings.working_days) if self._settings.working_days else None,
            ports=self._ports,
            pids=dict(self._pids),
            ready=self._is_ready,
        )
        self._home.write(state)
        return state

    def _env(self) -> dict[str, str]:
        own = {
            "NHIP_HOME": str(self._home.path),
            "NHIP_KAFKA_BOOTSTRAP": self._kafka.bootstrap,
            "NHIP_DATABASE_URL": self._postgres.url,
        }
        ports = {_PORTS[name][0]: str(port) for name, port in self._ports.items()}
        return {**os.environ, **own, **ports, **self._plan.env}

    def _end_leftovers(self) -> None:
        """End what a crashed stack of this home left running: servers, which end cleanly if they can.

        The services never outlive their parent (see `Supervised`).
        """
        for server in (self._kafka, self._postgres):
            server.end_leftover()
        if self._home.read() is not None:  # else it was forgotten at a clean end
            self._output.say("The last stack of this home did not stop cleanly; going on with its data", "yellow")

    def _check_ports(self) -> None:
        for name, port in self._ports.items():
            if not port_is_free(port, self._settings.host):
                raise StackError(f"Port {port} ({name}) is in use by another program; set {_PORTS[name][0]} to another")

    def _ask_to_stop(self) -> None:
        if self._stop_asked.is_set():
            for supervised in self._supervised.values():
                supervised.kill()
        elif self._supervised or self._pids:
            self._output.say("Stopping (once more Ctrl-C: at once)")
        self._stop_asked.set()

    async def _stop(self) -> None:
        """End the programs that send first, then the services in their order, then the servers."""
        for task in self._work:  # nothing is started again
            task.cancel()
        last = [name for name in (*SERVICES, *BESIDE) if name in self._supervised]
        for name in [*(name for name in self._supervised if name not in last), *last]:
            await self._supervised[name].end()
        for server in (self._kafka, self._postgres):
            server.stop()


def _port_beside(name: str, host: str) -> int:
    """The port that was set; else the usual one, or a free one where another stack has that: nobody needs to know it."""
    variable, port_of = _PORTS[name]
    port = port_of()
    return port if variable in os.environ or port_is_free(port, host) else free_port()


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
