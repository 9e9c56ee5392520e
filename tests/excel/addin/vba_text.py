"""VBA as text: the files of the add-in, what is left of them on Windows or a Mac, and their procedures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from mapseg_xl.excel.addin.build import vba_modules
from mapseg_xl.excel.addin.vba_project import Kind

FOLDER = Path(__file__).parents[3] / "addin" / "vba"
WINDOWS_64 = {"VBA7": True, "Win64": True, "Win32": True, "Mac": False}
WINDOWS_32 = {**WINDOWS_64, "Win64": False}
MACOS = {"VBA7": True, "Win64": True, "Win32": False, "Mac": True}  # Excel for Mac is 64 bit
SYSTEMS = {"64-bit Windows": WINDOWS_64, "32-bit Windows": WINDOWS_32, "macOS": MACOS}

_DIRECTIVE = re.compile(r"\s*#(If|ElseIf|Else|End If)\b(.*)", re.IGNORECASE)
_PROCEDURE = re.compile(
    r"^\s*(?P<scope>Public |Private |Friend )?(?:Static )?(?P<kind>Sub|Function|Property \w+) "
    r"(?P<name>\w+)\((?P<parameters>(?:[^()]|\(\))*)\)",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Procedure:
    """A Sub or Function: its name, and its parameters as they are written."""

    name: str
    kind: str
    public: bool
    parameters: tuple[str, ...]


def modules() -> dict[str, str]:
    """Every module with code as a build holds it (versions filled in, functions generated), by name."""
    return {m.name: m.code for m in vba_modules() if m.code.strip() and m.kind is not Kind.SHEET}


def resolved(text: str, system: dict[str, bool]) -> str:
    """The text that a system compiles: lines of other branches are empty, so that lines keep their numbers.

    Raises ValueError where #If and #End If do not match.
    """
    kept: list[str] = []
    stack: list[
        tuple[bool, bool]
    ] = []  # whether this branch is live; whether one was taken already
    for number, line in enumerate(text.splitlines(), 1):
        found = _DIRECTIVE.fullmatch(line)
        if not found:
            kept.append(line if all(live for live, _ in stack) else "")
            continue
        _turn(stack, found[1].lower(), found[2], system, number)
        kept.append("")
    if stack:
        raise ValueError(f"{len(stack)} #If without #End If")
    return "\n".join(kept) + "\n"


def _turn(
    stack: list[tuple[bool, bool]], word: str, rest: str, system: dict[str, bool], number: int
) -> None:
    if word == "if":
        holds = _holds(rest, system)
        stack.append((holds, holds))
        return
    if not stack:
        raise ValueError(f"line {number}: #{word} without #If")
    _, taken = stack.pop()
    if word == "elseif":
        holds = _holds(rest, system) and not taken
        stack.append((holds, holds or taken))
    elif word == "else":
        stack.append((not taken, True))


def _holds(condition: str, system: dict[str, bool]) -> bool:
    words = re.fullmatch(r"\s*(not\s+)?(\w+)\s+then\s*", condition, re.IGNORECASE)
    if not words:
        raise ValueError(f"#If {condition.strip()}: only `#If Name Then` and `#If Not Name Then`")
    known = {name.lower(): value for name, value in system.items()}
    return known[words[2].lower()] is not bool(words[1])


def joined(text: str) -> str:
    """The text with continued statements on one line, without remarks of whole lines."""
    text = re.sub(r"[ \t]_\r?\n[ \t]*", " ", text)
    return re.sub(r"(?m)^[ \t]*'.*$", "", text)


def procedures(text: str) -> list[Procedure]:
    """The procedures of a module, in order."""
    return [
        Procedure(
            found["name"],
            found["kind"].title(),
            (found["scope"] or "public ").lower() == "public ",
            tuple(p.strip() for p in found["parameters"].split(",") if p.strip()),
        )
        for found in _PROCEDURE.finditer(joined(text))
    ]


def as_files(folder: Path, system: dict[str, bool]) -> list[Path]:
    """Every module as a system compiles it, in files as the VBA editor exports them."""
    paths = []
    for module in vba_modules():
        if module.name in modules():
            ending = "bas" if module.kind is Kind.STANDARD else "cls"
            path = folder / f"{module.name}.{ending}"
            path.write_text(resolved(module.source.replace("\r\n", "\n"), system))
            paths.append(path)
    return paths
