"""`python -m deploy.jsonschema`: write the JSON Schemas of `schemas/jsonschema` anew from the code."""

import json
from pathlib import Path

from schemas.events.jsonschema import document

__all__ = ["FOLDER", "files"]

FOLDER = Path(__file__).parent.parent / "schemas" / "jsonschema"


def files() -> dict[str, str]:
    """What must be in `FOLDER`: text by file name."""
    return {"dossier-event.json": json.dumps(document(), ensure_ascii=False, indent=2) + "\n"}


def main() -> None:
    """Write them all."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
