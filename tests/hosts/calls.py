"""Counts the calls to the system that touch one folder, and lets one of them fail, or end the process."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# What saving asks of the system, by who offers it. `os.replace` and the like are what pathlib's methods end in.
ASKED = (
    (os, "open"),
    (os, "close"),
    (os, "fsync"),
    (os, "link"),
    (os, "utime"),
    (os, "chown"),
    (os, "chmod"),
    (os, "access"),
    (Path, "stat"),
    (Path, "exists"),
    (Path, "resolve"),
    (Path, "open"),
    (Path, "read_bytes"),
    (Path, "write_bytes"),
    (Path, "iterdir"),
    (Path, "glob"),
    (Path, "replace"),
    (Path, "rename"),
    (Path, "unlink"),
)


@dataclass
class Calls:
    """Calls with a path in `folder`, or a file of it; the `at`-th, from 1, does what `happens` does first."""

    folder: Path
    at: int = 0
    happens: Callable[[str, tuple[Any, ...]], None] = lambda *_: None
    made: list[str] = field(default_factory=list)
    opened: set[int] = field(default_factory=set)

    def watch(self, monkeypatch: Any) -> Calls:
        """Begins to count."""
        for owner, name in ASKED:
            monkeypatch.setattr(owner, name, self._counted(getattr(owner, name), owner, name))
        return self

    def _counted(self, real: Callable[..., Any], owner: Any, name: str) -> Callable[..., Any]:
        said = f"{owner.__name__}.{name}"

        def call(*args: Any, **more: Any) -> Any:
            ours = self._is_ours(said, args[0])
            if ours:
                self.made.append(said)
                if len(self.made) == self.at:
                    self.happens(said, args)
            result = real(*args, **more)
            if ours and said == "os.open":
                self.opened.add(result)
            return result

        return call

    def _is_ours(self, said: str, what: Any) -> bool:
        """Files are flushed by us alone; others close theirs too."""
        if isinstance(what, int):
            return said == "os.fsync" or what in self.opened
        return str(what).startswith(str(self.folder))
