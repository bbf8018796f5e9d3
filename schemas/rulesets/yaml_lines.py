"""YAML into plain lists, dicts and strings, with the line on which each thing stands.

Scalars stay text, so that `1.1` is a code and `0.8` an exact number; the structs of `fileformat` say what each must be.
"""

import re
from typing import Any, Final

import yaml
from msgspec import Struct, field

from schemas.rulesets.errors import RuleSetError

Path = tuple[str | int, ...]
"""Keys and positions that lead to a place: ``("groups", 0, "code")``."""

MAX_DEPTH: Final = 20

_STEP = re.compile(r"\.(?P<key>\w+)|\[(?P<index>\d+)\]|\[\.\.\.\]")


class Lined(Struct):
    """What a YAML text says and where; lines count from 1."""

    value: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int | None:
        """The line of a place, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if (line := self.lines.get(path[:length])) is not None:
                return line
        return None


def read_lined(text: str) -> Lined:
    """Read one YAML document.

    Raises:
        RuleSetError: no YAML, no document, an alias, a key twice, too deep.
    """
    try:
        _look_over(text)
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise RuleSetError(None if mark is None else mark.line + 1, error.problem or "not YAML") from error
    except yaml.YAMLError as error:  # characters that YAML does not allow
        raise RuleSetError(None, str(error).splitlines()[0]) from error
    if root is None:
        raise RuleSetError(1, "the file is empty")
    read = Lined(None)
    read.value = _value(root, (), read.lines)
    return read


def _look_over(text: str) -> None:
    """Refuse what must not be read: aliases, and so deep a nesting that reading it would go out of hand."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        line = None if event.start_mark is None else event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise RuleSetError(line, "aliases are not allowed: every line stands for itself")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise RuleSetError(line, f"nested more than {MAX_DEPTH} deep")


def path_of(message: str) -> Path:
    """The place that a message of msgspec names: ``… - at `$.groups[0].code` ``."""
    _, found, place = message.rpartition("`$")
    if not found:
        return ()
    path: list[str | int] = []
    for step in _STEP.finditer(place.rstrip("`")):
        if step["key"] is not None:
            path.append(step["key"])
        elif step["index"] is not None:
            path.append(int(step["index"]))
        else:
            break  # msgspec does not say which key of a mapping
    return tuple(path)


def _value(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), lines) for index, item in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key, item in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise RuleSetError(line, "a key must be a word")
        if key.value in found:
            raise RuleSetError(line, f"{key.value!r} is there twice")
        lines[*path, key.value] = line
        found[key.value] = _value(item, (*path, key.value), lines)
    return found
