"""Data health alone: what is wrong with the sources, also where that would stop a run."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mapseg_xl.errors import InputError
from mapseg_xl.intake.health import Health, StoppingCells, health
from mapseg_xl.intake.tables import Issue, Sources
from mapseg_xl.request import Request, intake


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, and a sentence for each thing that a run would stop at."""

    health: Health
    stops: tuple[str, ...] = ()


def check(request: Request) -> Checked:
    """Read the sources; columns whose cells would stop a run are listed, then left out, to see what else there is.

    Only what cannot be read at all is an InputError.
    """
    stops: list[str] = []
    stopping: list[Issue] = []
    sources: Sources | None = None
    while sources is None:
        try:
            sources = intake(request)
        except StoppingCells as stop:
            stops.append(str(stop))
            stopping += stop.issues
            request = _without(request, stop.issues)
        except InputError as error:  # what is left without those columns is no list of customers
            if not stops:
                raise
            stops.append(str(error))
            break
    if sources is None:
        return Checked(health(stopping, 0), tuple(stops))
    return Checked(health((*stopping, *sources.issues), sources.customers.n), tuple(stops))


def _without(request: Request, issues: tuple[Issue, ...]) -> Request:
    """The request, with the columns of these issues ignored; an issue met again is an error that stays one."""
    ignored = request.maps.get("ignore", ())
    ignored = (ignored,) if isinstance(ignored, str) else ignored
    columns = tuple(dict.fromkeys(f"{i.sheet}!{i.column}" for i in issues))
    if set(columns) <= set(ignored):
        raise InputError(f"{issues[0].sheet}: {issues[0].issue} ({issues[0].cell}).")
    said = {column.partition("!")[2] for column in columns}
    maps = {role: named for role, named in request.maps.items() if named not in said}
    return replace(request, maps={**maps, "ignore": (*ignored, *columns)})
