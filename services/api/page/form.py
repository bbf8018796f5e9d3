"""What a form of a page sends."""

from urllib.parse import parse_qs

from starlette.requests import Request

from services.api.problems import Problem

__all__ = ["form_of"]


async def form_of(request: Request, most: int) -> dict[str, str]:
    """The fields of a form (application/x-www-form-urlencoded) that are filled in, the first of each name.

    Args:
        request: with the form as its body.
        most: bytes of it.

    Raises:
        Problem: 413, 400.
    """
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise Problem(413, f"this form has {most} bytes at most")
    try:
        return {name: values[0] for name, values in parse_qs(body.decode(), strict_parsing=bool(body)).items()}
    except ValueError as error:
        raise Problem(400, "send the fields as a form does") from error
