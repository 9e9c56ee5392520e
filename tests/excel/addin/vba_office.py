"""LibreOffice's Basic as the compiler and runner of our VBA. One error silences a whole library."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.calc.bridge import properties, uno
from tests.calc.office import Office

_ALWAYS_RUN, _SONG = 4, "sings"
_CANARY = f'\nPublic Function Canary() As String\n    Canary = "{_SONG}"\nEnd Function\n'


class BasicError(RuntimeError):
    """There is no such function, or LibreOffice found no way to run it."""


class Basic:
    """A document whose library holds modules of VBA."""

    def __init__(self, document: Any) -> None:
        self._document = document
        document.BasicLibraries.VBACompatibilityMode = True
        libraries = document.BasicLibraries
        if not libraries.hasByName("Standard"):
            libraries.createLibrary("Standard")
        self._library = libraries.getByName("Standard")

    def add(self, name: str, text: str) -> None:
        """Put a module in; `text` as an exported file has it, branches resolved."""
        self._library.insertByName(name, f"Option VBASupport 1\n{without_attributes(text)}")

    def call(self, module: str, name: str, *arguments: object) -> Any:
        """What a function gives; None or "" where its library does not compile."""
        place = f"vnd.sun.star.script:Standard.{module}.{name}?language=Basic&location=document"
        try:
            script = self._document.getScriptProvider().getScript(place)
            return script.invoke(arguments, (), ())[0]
        except uno().getClass("com.sun.star.uno.Exception") as error:
            why = str(error)
        raise BasicError(why)  # not from theirs: a context manager cannot pass an error of UNO on


@contextmanager
def basic(office: Office) -> Iterator[Basic]:
    """An empty document for modules."""
    hidden = properties(Hidden=True, MacroExecutionMode=_ALWAYS_RUN)
    document = office.desktop().loadComponentFromURL("private:factory/scalc", "_blank", 0, hidden)
    assert document is not None
    try:
        yield Basic(document)
    finally:
        document.close(True)


def without_attributes(text: str) -> str:
    """The code alone: what an exported file says above it is no code, and no line for a compiler."""
    text = re.sub(r"\AVERSION .*?^END\r?\n", "", text, count=1, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"(?m)^[ \t]*Attribute .*$", "", text)


def compiles(office: Office, text: str) -> bool:
    """Whether a module compiles: any error anywhere makes its last function give nothing."""
    with basic(office) as document:
        document.add("Tried", text + _CANARY)
        try:
            return bool(document.call("Tried", "Canary") == _SONG)
        except BasicError:
            return False
