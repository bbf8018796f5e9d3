"""Pages as a new reader gets them, without a script."""

import html
import re

import httpx

from tests.integration.api.running import Api


def page(api: Api, path: str = "/", status: int = 200, headers: dict[str, str] | None = None, **query: str) -> str:
    answer = httpx.get(api.url + path, params=query, headers=headers, timeout=30)  # a new reader, without a cookie
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8"), answer.text
    return answer.text


def visible(text: str) -> str:
    """What a reader sees: no scripts, no tags, one space between words."""
    without = re.sub(r"<(script|noscript|style)\b.*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(without))


def rows(text: str, *, hidden: bool = False) -> list[str]:
    """The codes of the rows of the ranking, in order; with `hidden` those that the search left out."""
    pattern = r'<tr data-code="([^"]*)" data-find="[^"]*"' + (r" hidden>" if hidden else r">")
    return [html.unescape(code) for code in re.findall(pattern, text)]
