"""What VBA tells Python when a button is pressed, and what Python tells it at the end. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ButtonRequest:
    """A press: the workbook, the files the user chose, and where a wish to stop would lie."""

    book: str = ""  # name of the workbook in front; "" if there is none
    host: str = ""  # workbook that holds the macros
    window: int = 0  # Excel's window handle, Windows only
    stop: Path | None = None  # once this file is there, the user wants to stop
    files: tuple[Path, ...] = ()
    save: Path | None = None
    names: str = ""  # who decided
    facts: Mapping[str, str] = field(default_factory=dict)  # what else VBA said of this computer

    @classmethod
    def read(cls, digits: str) -> ButtonRequest:
        """The request from its hexadecimal digits; ValueError where they are none."""
        lines = [line.partition("=") for line in decoded(digits).split("\n") if line]
        said = {key: value for key, _, value in lines}
        own = {"BOOK", "HOST", "WINDOW", "STOP", "FILE", "SAVE", "NAMES"}
        return cls(
            book=said.get("BOOK", ""),
            host=said.get("HOST", ""),
            window=int(said.get("WINDOW") or 0),
            stop=_path(said.get("STOP")),
            files=tuple(Path(value) for key, _, value in lines if key == "FILE" and value),
            save=_path(said.get("SAVE")),
            names=said.get("NAMES", "").strip(),
            facts={key: value for key, value in said.items() if key not in own},
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """How a press ended. `message` is shown in a box where it is not empty; `undo`: there is something to undo."""

    message: str = ""
    undo: bool = False

    @property
    def digits(self) -> str:
        """The answer as VBA takes it; line breaks stay within the message."""
        message = self.message.replace("\r\n", "\n").replace("\n", "\r")
        return encoded(_lines((("MESSAGE", message), ("UNDO", "1" if self.undo else ""))))


def encoded(text: str) -> str:
    """A text as hexadecimal digits, four a UTF-16 unit, so that nothing in it can become code.

    >>> encoded("é1")
    '00E90031'
    """
    return text.encode("utf-16-be", "surrogatepass").hex().upper()


def decoded(digits: str) -> str:
    """The inverse of `encoded`.

    >>> decoded("00E90031")
    'é1'
    """
    return bytes.fromhex(digits).decode("utf-16-be", "surrogatepass")


def _lines(pairs: Sequence[tuple[str, str]]) -> str:
    return "".join(f"{key}={value}\n" for key, value in pairs if value)


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
