"""`python -m deploy.jsonschema`: write the documents of `schemas/jsonschema` and `schemas/asyncapi` anew from the code."""

import json
from pathlib import Path

from schemas.channels import document as channels
from schemas.digests import document as digests
from schemas.events.families import FAMILIES
from schemas.events.jsonschema import document

__all__ = ["FOLDER", "files"]

FOLDER = Path(__file__).parent.parent / "schemas"


def files() -> dict[str, str]:
    """What must be in `FOLDER`: text by path."""
    documents = {f"jsonschema/{family.name}-event.json": document(family) for family in FAMILIES}
    documents["jsonschema/digest.json"] = digests()
    documents["asyncapi/nhip.json"] = channels()
    return {path: json.dumps(made, ensure_ascii=False, indent=2) + "\n" for path, made in documents.items()}


def main() -> None:
    """Write them all."""
    for path, text in files().items():
        (FOLDER / path).parent.mkdir(exist_ok=True)
        (FOLDER / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
