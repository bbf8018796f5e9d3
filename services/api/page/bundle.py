"""The chart library as one script: Vega-Embed with Vega and Vega-Lite, out of the wheel `vl-convert-python`. No CDN, no Node."""

import gzip
import hashlib
from functools import cache
from importlib.metadata import version
from typing import Final

import vl_convert

__all__ = ["NAME", "packed"]

_SOURCE: Final = "window.vegaEmbed = vegaEmbed;"
_MADE_BY: Final = f"{version('vl-convert-python')}\n{_SOURCE}"

NAME: Final = f"vega-{hashlib.blake2b(_MADE_BY.encode(), digest_size=8).hexdigest()}.js"
"""Its file name, different for whatever makes other contents: it may be kept for ever."""


@cache
def packed() -> bytes:
    """The script, gzipped: 0.9 MB become 0.3. Bundling it takes a second once, so call it beside the event loop."""
    return gzip.compress(vl_convert.javascript_bundle(_SOURCE).encode(), mtime=0)
