"""How commands speak to the person at the console, and how they fail."""

import asyncio
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TypeVar

import typer
from aiokafka.errors import KafkaError
from rich.console import Console
from rich.markup import escape

from deploy.local.process import StackError
from deploy.units.reading import BadFile
from services.common.settings import WrongSettingsError
from services.common.topics import TopicError

__all__ = ["errors", "out", "plain_errors", "run"]

T = TypeVar("T")

out = Console()
errors = Console(stderr=True)


def run(work: Coroutine[object, object, T]) -> T:
    """Run a command's work to its end."""
    return asyncio.run(work)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what a person can mend into a clear line and exit code 1; anything else is a fault of ours and shows."""
    try:
        yield
    except WrongSettingsError as error:
        _line(str(error))
        raise typer.Exit(2) from error
    except (StackError, TopicError, BadFile) as error:
        _line(str(error))
        raise typer.Exit(1) from error
    except KafkaError as error:
        _line(f"Kafka does not answer ({error}); is the stack running (`nhip up`)?")
        raise typer.Exit(1) from error
    except Exception as error:
        if not isinstance(error, (*_database_errors(), OSError)):
            raise
        if isinstance(error, OSError) and error.filename is not None:
            _line(f"{error.filename}: {error.strerror}")
            raise typer.Exit(1) from error
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        _line(f"PostgreSQL does not answer ({reason}); is the stack running (`nhip up`)?")
        raise typer.Exit(1) from error


def _line(text: str) -> None:
    errors.print(f"[red]{escape(text)}[/]", highlight=False, soft_wrap=True)


def _database_errors() -> tuple[type[Exception], ...]:
    """The errors of the database, if this command has brought its library along: importing it takes a second."""
    library = sys.modules.get("sqlalchemy.exc")
    return () if library is None else (library.SQLAlchemyError,)
