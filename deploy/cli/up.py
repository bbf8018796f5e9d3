"""`nhip up`: the whole stack on this machine."""

import os
import webbrowser
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from deploy.cli.console import plain_errors, run
from deploy.local.home import State
from deploy.local.logs import Output
from deploy.local.process import local_host
from deploy.local.stack import BESIDE, Plan, Stack
from deploy.local.supervisor import Program
from services.common.settings import StackSettings

__all__ = ["up"]

FreshOption = Annotated[bool, typer.Option("--fresh", help="Delete the data of NHIP_HOME first.")]
DemoOption = Annotated[bool, typer.Option("--demo", help="Add the demo province; its dossiers are simulated.")]
OpenOption = Annotated[bool, typer.Option("--open", help="Show the dashboard in a browser.")]
OnlyOption = Annotated[
    list[str] | None,
    typer.Option("--only", help="Start only these services (ingest, scorer, api, archive, notices).", hidden=True),
]


def up(
    *, fresh: FreshOption = False, demo: DemoOption = False, show: OpenOption = False, only: OnlyOption = None
) -> None:
    """Start Kafka, PostgreSQL and the services; Ctrl-C stops all of it, the next start goes on from there."""
    with plain_errors():
        settings = StackSettings()
        home = settings.home.absolute()
        output = Output(Console(highlight=False), home / "logs")
        plan = Plan(
            fresh=fresh,
            after_ready=_demo(home) if demo else (),
            env={"NHIP_DEMO": "true"} if demo else {},
            when_ready=lambda state: _announce(state, settings.host, output, show=show),
            **_only(only),
        )
        run(_run(settings, plan, output))


async def _run(settings: StackSettings, plan: Plan, output: Output) -> None:
    await Stack(settings, plan, output).run()


def _only(names: list[str] | None) -> dict[str, Any]:
    """What a plan says of services; nothing where all are to start."""
    if names is None:
        return {}
    return {
        "services": tuple(name for name in names if name not in BESIDE),
        "beside": tuple(name for name in names if name in BESIDE),
    }


def _demo(home: Path) -> tuple[Program, ...]:
    env = {**os.environ, "NHIP_HOME": str(home)}
    return (Program(name="demo", module="deploy.demo", env=env, needed=False),)


def _announce(state: State, host: str, output: Output, *, show: bool) -> None:
    """The address, and the browser where there is a screen to show one."""
    if "api" not in state.ports:
        return
    address = f"http://{local_host(host)}:{state.ports['api']}/"
    output.say(f"Sẵn sàng · Ready: {address} (Ctrl-C dừng · stops)", "bold green")
    if show and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.name == "nt"):
        webbrowser.open(address)
