"""What the services say: each line to a file of the service and, prefixed and coloured, to the console."""

import asyncio
import os
from pathlib import Path

from rich.console import Console
from rich.text import Text

__all__ = ["LogFile", "Output", "pump"]

MAX_BYTES = 16 << 20
_COLOURS = {"ingest": "cyan", "scorer": "magenta", "api": "green", "demo": "yellow"}
_LEVELS = {" ERROR ": "red", " CRITICAL ": "bold red", " WARNING ": "yellow"}


class LogFile:
    """A log that keeps itself small: past MAX_BYTES it becomes `….log.1` and begins anew."""

    def __init__(self, path: Path) -> None:
        """Opened with the first line."""
        self.path = path

    def write(self, line: str) -> None:
        """Append one line."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")
            size = file.tell()
        if size > MAX_BYTES:
            self.path.replace(self.path.with_suffix(".log.1"))


class Output:
    """One place that all lines of all services go through."""

    def __init__(self, console: Console, logs: Path) -> None:
        self.console = console
        self._logs = logs

    def log(self, name: str) -> Path:
        """The log file of a service."""
        return self._logs / f"{name}.log"

    def line(self, name: str, line: str) -> None:
        """A line that a service said."""
        LogFile(self.log(name)).write(line)
        style = next((colour for level, colour in _LEVELS.items() if level in line), "")
        shown = Text(f"{name:>8} │ ", style=_COLOURS.get(name, "blue")) + Text(line, style=style)
        self.console.print(shown, soft_wrap=True)

    def say(self, line: str, style: str = "") -> None:
        """A line of the stack itself."""
        LogFile(self.log("nhip")).write(line)
        self.console.print(Text("    nhip │ ", style="bold") + Text(line, style=style), soft_wrap=True)


async def pump(descriptor: int, name: str, output: Output) -> None:
    """Read lines from a pipe until its writers have closed it, however long the lines are."""
    reader = asyncio.StreamReader(limit=1 << 20)
    pipe = os.fdopen(descriptor, "rb", buffering=0)
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), pipe
    )
    try:
        while raw := await _line(reader):
            output.line(name, raw.decode(errors="replace").rstrip("\n"))
    finally:
        transport.close()


async def _line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\n")
    except asyncio.IncompleteReadError as rest:
        return rest.partial
    except asyncio.LimitOverrunError as error:  # a line without end: taken in pieces
        return await reader.read(error.consumed)
