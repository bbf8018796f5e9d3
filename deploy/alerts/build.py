"""Templates and settings into rule files. `<< >>` and `<% %>` are ours; `{{ }}` is left to Prometheus."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deploy.alerts.durations import english, prometheus, vietnamese
from deploy.alerts.settings import AlertSettings

__all__ = ["SHIPPED", "files", "write"]

SHIPPED: Final = Path(__file__).parent.parent / "prometheus" / "rules"
"""The rule files of the defaults."""

_TEMPLATES: Final = Path(__file__).parent / "templates"
_HEAD: Final = (
    "# Written by `python -m deploy.alerts` from the templates of deploy/alerts; other values: `nhip alerts`.\n"
)


def files(settings: AlertSettings) -> dict[str, str]:
    """Text by file name."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - YAML, no HTML
    )
    environment.filters |= {"d": prometheus, "en": english, "vi": vietnamese, "n": _number}
    known = settings.model_dump()
    return {
        template.name: _HEAD + environment.get_template(template.name).render(known)
        for template in sorted(_TEMPLATES.glob("*.yml"))
    }


def write(folder: Path, settings: AlertSettings) -> list[Path]:
    """Write them; gives their paths. Other files of the folder stay."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in files(settings).items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return written


def _number(number: float) -> str:
    """Without a `.0`."""
    return f"{number:g}"
