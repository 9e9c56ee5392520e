"""The charts of Survival & LTV: curves of the chosen segments, and what those are worth."""

from __future__ import annotations

from mapseg_xl.analyze.curves import SurvivalPoint
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.names import BASE
from mapseg_xl.report.parts.selection import Member, Shown
from mapseg_xl.report.parts.staying.worth import worth_ref
from mapseg_xl.report.spec import Bars, Lines, Series

LINES_SHOWN = 5
_MONTHS_SHOWN = (6, 12, 24)
_LONGEST_NAME, _LONGEST_END = 22, 16  # beside bars; at the end of a line

Points = dict[tuple[str, int], SurvivalPoint]


def months_shown(findings: Findings, points: Points) -> tuple[int, ...]:
    """The months the table shows: of 6, 12 and 24 those in which enough are still followed."""
    enough = findings.settings.min_at_risk

    def followed(month: int) -> bool:
        point = points.get((BASE, month))
        return point is not None and point.survival is not None and point.at_risk >= enough

    found = tuple(month for month in _MONTHS_SHOWN if followed(month))
    return found or tuple(m for m in (1, 3) if (BASE, m) in points) or (0,)


def _curves(what: Shown, points: Points) -> tuple[Member, ...]:
    followed = [m for m in what.chosen(len(what.members)) if (m.key, 1) in points]
    clear = [m for m in what.chosen(LINES_SHOWN) if m in followed]
    return tuple(clear or followed[:LINES_SHOWN])


def charts(what: Shown, points: Points) -> tuple[Lines | Bars, ...]:
    """Curves, and bars of what the same segments are worth where that is known."""
    lines = _lines(what, points)
    bars = _bars(what)
    return (lines, bars) if bars else (lines,)


def _lines(what: Shown, points: Points) -> Lines:
    """The curves of the chosen segments and of everybody, as far as enough are followed."""
    enough = what.findings.settings.min_at_risk
    members, looks = _curves(what, points), what.looks()
    last = max(
        (m for (key, m), p in points.items() if key == BASE and p.at_risk >= enough), default=1
    )
    last = max(last, 1)

    def share(key: str, month: int, field: str = "survival") -> float | None:
        point = points.get((key, month))
        if point is None or point.at_risk < enough:
            return None
        return {"survival": point.survival, "low": point.ci_low, "high": point.ci_high}[field]

    def series(
        key: str, name: str, look: str, field: str = "survival", *, named: bool = True
    ) -> Series:
        values = tuple(share(key, month, field) for month in range(last + 1))
        return Series(name, look, values, label=named)

    drawn = [series(BASE, "Average", "base")]
    if members:
        first = members[0]
        drawn += [
            series(
                first.key,
                f"{_chart_name(what, first)}, {end} end",
                "limit",
                end,
                named=False,
            )
            for end in ("low", "high")
        ]
    drawn += [
        series(m.key, _chart_name(what, m, _LONGEST_END), looks[m.key]) for m in reversed(members)
    ]
    unit = next((u for u in (1, 2, 3, 6, 12, 24) if last / u <= 7), 36)
    return Lines(
        id="curves",
        title="Still a customer, share by month of life",
        alt="Line chart: share of customers still here by month of life. " + _finding(what, points),
        x=tuple(float(m) for m in range(last + 1)),
        series=tuple(drawn),
        x_max=float(last),
        x_unit=float(unit),
        y_max=1.0,
        y_format="share0",
        steps=last <= 12,
    )


def _chart_name(what: Shown, member: Member, longest: int = _LONGEST_NAME) -> str:
    """The shortest name that tells a segment from the others: charts have little room."""
    if member.label == member.value:
        return words.short(member.value, longest)
    value = words.short(member.value, longest - 4)
    attribute = words.header(member.segmentation)
    return f"{words.short(attribute, longest - len(value) - 2)}: {value}"


def _finding(what: Shown, points: Points) -> str:
    months = months_shown(what.findings, points)[-1]
    base = points[BASE, months].survival or 0.0
    return f"{base:.0%} of all customers are still here after {months} months."


def _bars(what: Shown) -> Bars | None:
    """Lifetime value of the same segments, largest first, beside the company average."""
    if "ltv" not in {m.id for m in what.metrics}:
        return None
    looks = what.looks()
    rows = [(m.key, _chart_name(what, m), looks[m.key]) for m in what.chosen(LINES_SHOWN)]
    rows.append((BASE, words.COMPANY, "base"))
    values = {key: what.lines[key, "ltv"].value for key, *_ in rows}
    known = [row for row in rows if values[row[0]] is not None]
    known.sort(key=lambda row: -(values[row[0]] or 0.0))
    title = words.value_title(what.findings)
    return Bars(
        id="values",
        title=words.sentence_case(title),
        alt=f"Bar chart: {title} by segment. Largest: {known[0][1]}.",
        categories=tuple(name for _, name, _ in known),
        looks=tuple(look for *_, look in known),
        values=tuple(native.copy(worth_ref(key), values[key]) for key, *_ in known),
        format="money",
    )
