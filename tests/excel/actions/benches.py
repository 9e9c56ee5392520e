"""A press without Excel's ribbon: the workbook of a test engine, answers known beforehand, everything said recorded."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from mapseg_xl.excel.actions.button_request import ButtonRequest


class Scratch:
    """A workbook in which nothing can be done but to close it."""

    def __init__(self, bench):
        self.bench = bench

    def close(self):
        self.bench.closed += 1


@dataclass
class TestBench:
    """`answers`: what the user says to each question in turn. `stop_at`: the words at which they want to stop."""

    __test__ = False

    book: Any
    folder: Path
    request: ButtonRequest = field(default_factory=ButtonRequest)
    answers: list[bool] = field(default_factory=list)
    stop_at: str = ""
    today: date = date(2026, 7, 1)
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    opened: list[Path] = field(default_factory=list)
    closed: int = 0
    _stopping: bool = False

    def say(self, what, share):
        assert 0 <= share <= 1
        self.said.append(what)
        self._stopping = bool(self.stop_at) and what.startswith(self.stop_at)

    def wants_to_stop(self):
        return self._stopping

    def agree(self, question):
        self.asked.append(question)
        return self.answers.pop(0)

    def scratch(self):
        return Scratch(self)

    def open(self, path):
        self.opened.append(path)
