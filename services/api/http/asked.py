"""What a path names: units and rule sets; and the service behind a request."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from schemas.rulesets.errors import UnknownRuleSet
from schemas.rulesets.library import load
from schemas.rulesets.model import RuleSet
from schemas.units import Unit
from services.api.problems import not_found, not_yet
from services.api.service import Service

__all__ = ["Api", "ruleset_of", "tree_must_be_known", "unit_of"]


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


Api = Annotated[Service, Depends(_service)]
"""The service, in the arguments of a route."""


def tree_must_be_known(service: Service) -> None:
    """Return if it can be told which units there are.

    Raises:
        Problem: 503.
    """
    if not service.tree.ready:
        raise not_yet(service.missing())


def unit_of(service: Service, text: str) -> Unit:
    """The unit that a code means, old style too.

    Raises:
        Problem: 404, or 503 while the tree is not known.
    """
    tree_must_be_known(service)
    code = service.units.resolve(text)
    if code is None:
        raise not_found("unit", text, "GET /v1/units lists all of them")
    return service.units[code]


def ruleset_of(service: Service, name: str | None) -> RuleSet:
    """A rule set by its id; the configured one where none is asked for.

    Raises:
        Problem: 404 with the ids that there are.
    """
    try:
        return load(name or service.settings.ruleset)
    except UnknownRuleSet as error:
        hint = f"there are {', '.join(error.available)}"
        raise not_found("rule set", str(name), hint, {"available": list(error.available)}) from error
