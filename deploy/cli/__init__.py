"""The command `nhip`: one module a command or group of commands."""

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    from deploy.cli.app import app  # noqa: PLC0415 - commands import what they need; importing this package is free

    app()
