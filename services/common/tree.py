"""The unit tree as it is now, followed from the topic `unit-tree`."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from schemas.topics import UNIT_TREE
from schemas.units import UnitTree, UnitTreeError
from services.common.whole_topic import WholeTopic

__all__ = ["TreeFollower"]

_log = logging.getLogger(__name__)


class TreeFollower(WholeTopic):
    """Holds the latest tree; empty until units are loaded. A broker that is away changes nothing."""

    def __init__(self, bootstrap: str, on_change: Callable[[UnitTree], None] | None = None) -> None:
        """Nothing is read yet. `on_change` is called on the event loop with each new tree."""
        super().__init__(bootstrap, UNIT_TREE, self._take_last)
        self.tree = UnitTree()
        self.version = ""
        """The first 16 digits of the tree's SHA-256; empty without a tree."""
        self._on_change = on_change

    def _take_last(self, records: Sequence[Any]) -> None:
        """Put a new tree in force; one that is no tree is logged and passed over."""
        raw: bytes | None = records[-1].value
        version = hashlib.sha256(raw).hexdigest()[:16] if raw else ""
        if version == self.version:
            return
        try:
            tree = UnitTree.from_json(raw) if raw else UnitTree()
        except (msgspec.MsgspecError, UnitTreeError) as error:
            _log.error("the topic %s holds no unit tree, keeping the former: %s", UNIT_TREE, error)
            return
        self.tree, self.version = tree, version
        _log.info("unit tree %s in force: %d units", version or "(none)", len(tree))
        if self._on_change is not None:
            self._on_change(tree)
