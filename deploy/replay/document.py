"""YAML as a tree that remembers its lines, so that a fault in a mapping is told with its place."""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

__all__ = ["Fault", "Scalar", "entries", "items", "parse", "scalar", "text"]

Scalar = str | int | float | bool | None


class Fault(ValueError):
    """A mapping cannot be used; the message says the line and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a YAML mapping with its value."""

    line: int
    node: yaml.Node


def parse(source: str) -> yaml.Node:
    """The root of a document.

    Raises:
        Fault: not YAML, or empty.
    """
    try:
        root = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Fault(mark.line + 1 if mark else 1, f"not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise Fault(1, f"not YAML: {error}") from error
    if root is None:
        raise Fault(1, "the file is empty")
    return root


def line_of(node: yaml.Node) -> int:
    """The line that a node begins on, from 1."""
    return int(node.start_mark.line) + 1


def entries(node: yaml.Node, what: str, known: frozenset[str] | None = None) -> Mapping[str, Entry]:
    """The keys of a mapping as they are written (``yes`` stays a text), each with its value.

    Raises:
        Fault: no mapping, a key twice, or one that is not `known`.
    """
    if not isinstance(node, yaml.MappingNode):
        raise Fault(line_of(node), f"{what} must be a mapping (key: value)")
    found: dict[str, Entry] = {}
    for key_node, value in node.value:
        key, line = text(key_node, f"a key of {what}"), line_of(key_node)
        if key in found:
            raise Fault(line, f"{key!r} stands twice in {what}")
        if known is not None and key not in known:
            raise Fault(line, f"{what} has no {key!r}; known: {', '.join(sorted(known))}")
        found[key] = Entry(line, value)
    return found


def items(node: yaml.Node, what: str) -> list[yaml.Node]:
    """The members of a list that is not empty."""
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise Fault(line_of(node), f"{what} must be a list with at least one member")
    return list(node.value)


def text(node: yaml.Node, what: str) -> str:
    """A plain value as it is written."""
    if not isinstance(node, yaml.ScalarNode):
        raise Fault(line_of(node), f"{what} must be a plain value")
    return str(node.value)


def scalar(node: yaml.Node, what: str) -> Scalar:
    """A plain value with its type: true, 12, 1.5, null; everything else (dates, too) is a text as it is written."""
    written = text(node, what)
    if node.tag == "tag:yaml.org,2002:bool" and written.lower() in {"true", "false"}:
        return written.lower() == "true"
    if node.tag == "tag:yaml.org,2002:null":
        return None
    for tag, kind in (("tag:yaml.org,2002:int", int), ("tag:yaml.org,2002:float", float)):
        if node.tag == tag:
            try:
                return kind(written)
            except ValueError:  # 0x1F, 1:30 and other numbers of YAML 1.1 stay texts
                return written
    return written
