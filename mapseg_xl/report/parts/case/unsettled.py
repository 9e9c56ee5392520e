"""What stands out and what can't be told yet: the Summary's words where there is no candidate to decide on."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.report import words
from mapseg_xl.report.parts.case.sentences import SPOKEN, clear_metrics, distance, finding, one_line
from mapseg_xl.report.parts.headlines import NOTHING_CLEAR, name
from mapseg_xl.report.parts.names import PERFORMANCE
from mapseg_xl.report.parts.remarks import more_data
from mapseg_xl.report.parts.selection import Shown
from mapseg_xl.report.spec import Content, Section, Text

LONGEST, SENTENCES, UNSETTLED = 6, 3, 3
_PAGE_PX = 970
_NAME_IT = 'To choose among them, run again and name their column: --segment-by "{column}".'


def open_sections(what: Shown) -> list[Section]:
    """What stands out, and below it what can't be told yet: as many rows whatever there is to say."""
    if not what.members or not what.metrics:
        return []
    found = _stands_out(what) or (NOTHING_CLEAR,)
    open_ones = _unsettled(what) or (
        "Nothing: every difference that matters is found or ruled out.",
    )
    stands_out = [Text(_filled(found, SENTENCES))]
    if column := _worth_naming(what):
        stands_out.append(Text((_NAME_IT.format(column=column),), "note"))
    return [
        Section("What stands out", tuple(stands_out)),
        Section("Can't tell yet", (Text(_filled(open_ones, UNSETTLED), "note"),), _open_help(what)),
    ]


def _worth_naming(what: Shown) -> str:
    """The column of the first segment that does clearly better; "" where none does. Rules have no column."""
    known = {v.attribute for v in what.findings.volumes}
    among = (m for m in what.members if m.segmentation in known)
    return next((m.segmentation for m in among if clear_metrics(what, m, "better")), "")


def _filled(lines: Sequence[Content], rows: int) -> tuple[Content, ...]:
    """The lines on so many rows, for what is computed with an input must move no row."""
    return (*lines, *("" for _ in range(rows - len(lines))))


def _open_help(what: Shown) -> str:
    verdicts = [what.row(m, metric.id).verdict for m in what.members for metric in what.metrics]
    told = len(verdicts) - verdicts.count("cant_tell") - verdicts.count("not_available")
    return f"{told:,} of {words.counted(len(verdicts), 'comparison')} told so far"


def _stands_out(what: Shown) -> tuple[Content, ...]:
    """The largest clear differences as live sentences, each metric once before any twice; two a segment at most."""
    found = sorted(
        (
            (distance(what, m, metric), at, m, metric)
            for at, m in enumerate(what.chosen(LONGEST))
            for metric in what.metrics
            if metric.id in SPOKEN and words.is_clear(what.row(m, metric.id))
        ),
        key=lambda item: (-item[0], item[1]),
    )
    seen: dict[str, int] = {}
    turns: list[int] = []  # how often the metric was said before
    for _, _, _, metric in found:
        turns.append(seen.get(metric.id, 0))
        seen[metric.id] = turns[-1] + 1
    in_turn = sorted(range(len(found)), key=lambda at: (turns[at], at))
    used: dict[str, int] = {}
    lines: list[Content] = []
    for _, _, member, metric in (found[at] for at in in_turn):
        used[member.key] = used.get(member.key, 0) + 1
        if used[member.key] <= 2:
            lines.append(finding(what, member, [metric], _PAGE_PX))
    return tuple(lines[:SENTENCES])


def _unsettled(what: Shown) -> tuple[str, ...]:
    """Where it can't be told yet, and how many more would settle it; a line a segment and reason."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for member, metric, reason in more_data(what, what.members):
        reasons.setdefault((name(member), reason), []).append(words.say(metric, what.findings))
    lines = [
        one_line(f"{words.sentence_case(who)}, {words.listing(metrics, 3)}: {why}.", _PAGE_PX, 9)
        for (who, why), metrics in reasons.items()
    ]
    if len(lines) > UNSETTLED:
        lines[UNSETTLED - 1 :] = [f"And {len(lines) - UNSETTLED + 1} more, on {PERFORMANCE}."]
    return tuple(lines)
