"""The command `nhip`: one module a command or group of commands."""

import logging
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    from deploy.cli.app import build  # noqa: PLC0415 - commands import what they need; importing this package is free

    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # a command says itself, in one line, what it cannot reach
    build(sys.argv[1:])()
