"""What a cell looks like once every verb about it has been carried out, for hosts that write a cell's look at once."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

from mapseg_xl.report.styles import LOOKS, Look
from mapseg_xl.report.verbs import NumberFormat, Rule, Style


@dataclass(frozen=True, slots=True)
class Finish:
    """Everything a cell looks like: looks laid over each other, a number format, rules by the colour of their side."""

    look: Look = field(default_factory=Look)
    code: str = ""
    top: str = ""
    bottom: str = ""
    right: str = ""


def laid_over(finish: Finish, verb: Style | NumberFormat | Rule) -> Finish:
    """The finish once the verb has been carried out on its cell."""
    if isinstance(verb, NumberFormat):
        return replace(finish, code=verb.code)
    if isinstance(verb, Rule):
        match verb.side:
            case "top":
                return replace(finish, top=verb.colour)
            case "right":
                return replace(finish, right=verb.colour)
            case _:
                return replace(finish, bottom=verb.colour)
    over = LOOKS[verb.look]
    said = {
        part.name: value for part in fields(Look) if (value := getattr(over, part.name)) is not None
    }
    return replace(finish, look=replace(finish.look, **said))


def step(verb: Style | NumberFormat | Rule) -> tuple[str, str]:
    """What a verb does to a finish, in short: verbs of one step do the same."""
    if isinstance(verb, Style):
        return "look", verb.look
    return ("code", verb.code) if isinstance(verb, NumberFormat) else (verb.side, verb.colour)
