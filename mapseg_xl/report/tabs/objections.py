"""Objections: what is left of every clear difference without the biggest accounts, and inside channel, rep and year."""

from __future__ import annotations

from collections.abc import Sequence

from mapseg_xl.analyze.doubts import BIGGEST, CHANNEL, LEADING, OWNER, YEAR
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.objections import KEPT, LEAST_UNITS, MOST_CANDIDATES
from mapseg_xl.analyze.replies import Answer, crude_words, held_words, where
from mapseg_xl.metrics.catalog import metric
from mapseg_xl.report import words
from mapseg_xl.report.parts.names import OBJECTIONS
from mapseg_xl.report.spec import (
    Cell,
    Column,
    Content,
    Formula,
    Part,
    Row,
    Section,
    Tab,
    Table,
    Text,
)

CHECKS, SAID, INSIDE = "checks", "said", "inside"
HEADS = {
    BIGGEST: "Biggest accounts",
    CHANNEL: "Channel",
    OWNER: "Rep",
    YEAR: "Sign-up year",
}
CHIPS = {  # word -> text, look
    "holds": ("holds", "chip.better"),
    "weaker": ("weaker", "chip"),
    "reverses": ("reverses", "chip.worse"),
    "cant_tell": (words.VERDICTS["cant_tell"], "chip.unsure"),
}
_INSIDE_CHIPS = {"holds": "same way", "reverses": "other way", "cant_tell": "? too few"}
_NEEDED = 'Name segments with --segment "NAME: RULE" or --segment-by COLUMN.'
_MOST_GROUPS = 12
_LONGEST_NAME = 34
_LAST = 10


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    answers = [a for a in findings.objections.answers if not a.group]
    sections: list[Section] = []
    if answers:
        sections += [_checks(answers), *_sentences(answers), *_inside(findings, answers[0])]
    if not findings.candidates:
        sections.append(Section("What is needed", (Text((_NEEDED,)),)))
    if findings.objections.unasked:
        lines = Text(findings.objections.unasked, "note")
        sections.append(Section("What this data cannot answer", (lines,)))
    return Tab(
        OBJECTIONS,
        "ANALYZE",
        _headline(findings, answers),
        "Is it only a few big accounts, one channel, one rep, or that they are newer? Every clear "
        "difference, taken again.",
        tuple(sections),
        notes=_notes(findings, answers),
    )


def _headline(findings: Findings, answers: Sequence[Answer]) -> str:
    """What turns round, else what gets weaker, else that all of it holds."""
    if not findings.candidates:
        return "There is no candidate segment yet, so there is nothing to object to."
    if not answers:
        return "No candidate differs clearly from everyone else, so there is nothing to doubt yet."
    reverses = [a for a in answers if a.word == "reverses"]
    if reverses:
        first = reverses[0]
        turned = f"but {where(first)} it turns round"
        return f"{_name(first)} {crude_words(first)}, {turned}."
    told = [a for a in answers if a.word != "cant_tell"]
    if not told:
        return "The data is too small to answer any objection to its clear differences."
    holds = [a for a in told if a.word == "holds"]
    if len(holds) == len(told):
        asked = words.listing([HEADS[name].lower() for name in _asked(told)])
        checks = words.counted(len(told), "check")
        return f"Every clear difference holds in {checks}: {asked}."
    weaker = min((a for a in told if a.word == "weaker"), key=_left)
    share = f"{len(holds)} of {words.counted(len(told), 'check')} hold"
    about = words.SAY.get(weaker.metric, weaker.metric)
    return f"{share}; the difference of {_name(weaker)} in {about} is weaker {where(weaker)}."


def _left(answer: Answer) -> float:
    """The part of a difference that is left."""
    return (answer.difference or 0.0) / (answer.crude or 1.0)


def _name(answer: Answer) -> str:
    return f"“{words.short(answer.segment, _LONGEST_NAME)}”"


def _asked(answers: Sequence[Answer]) -> list[str]:
    """The objections that were put, in the order of the page."""
    return [name for name in HEADS if any(a.objection == name for a in answers)]


def _key(answer: Answer) -> str:
    return f"{answer.segment_id} {answer.metric}"


def _checks(answers: Sequence[Answer]) -> Section:
    """A row a clear difference, a chip an objection."""
    asked = _asked(answers)
    columns = [Column("segment", "Segment", 0, "label"), Column("is", "Its difference", 2, "text")]
    columns += [
        Column(name, HEADS[name], at, "chip")
        for at, name in enumerate(asked, start=_LAST - len(asked) + 1)
    ]
    rows: list[Row] = []
    shown = ""
    for key in dict.fromkeys(_key(a) for a in answers):
        mine = [a for a in answers if _key(a) == key]
        first = mine[0]
        cells: dict[str, Content | Cell] = {
            "segment": words.short(first.segment, _LONGEST_NAME)
            if first.segment_id != shown
            else "",
            "is": crude_words(first),
            **{a.objection: Cell(*CHIPS[a.word]) for a in mine},
        }
        shown = first.segment_id
        rows.append(Row(key, cells))
    help_text = "holds: at least two thirds of the difference is left"
    return Section("What holds", (Table(CHECKS, tuple(columns), tuple(rows)),), help_text)


def _sentences(answers: Sequence[Answer]) -> list[Section]:
    """What to say in the meeting: first where it does not simply hold."""
    doubtful = [a for a in answers if a.word in ("reverses", "weaker")]
    unsure = [a for a in answers if a.word == "cant_tell"]
    sections = []
    if doubtful:
        table = _said("doubtful", sorted(doubtful, key=_left))
        sections.append(Section("Where it does not simply hold", (table,), "least is left first"))
    if holds := [a for a in answers if a.word == "holds"]:
        sections.append(Section("Where it holds", (_held(holds),)))
    if unsure:
        sections.append(Section("Where it cannot be told yet", (_said("unsure", unsure),)))
    return sections


def _held(answers: Sequence[Answer]) -> Table:
    """One sentence a difference."""
    columns = (Column("segment", "", 0, "label"), Column("said", "", 1, "text"))
    rows = []
    for key in dict.fromkeys(_key(a) for a in answers):
        mine = [a for a in answers if _key(a) == key]
        name = words.short(mine[0].segment, _LONGEST_NAME)
        rows.append(Row(key, {"segment": name, "said": held_words(mine)}))
    return Table(f"{SAID} holds", columns, tuple(rows), head=False)


def _said(block: str, answers: Sequence[Answer]) -> Table:
    columns = (Column("objection", "", 0, "label"), Column("said", "", 1, "text"))
    rows = tuple(
        Row(f"{_key(a)} {a.objection}", {"objection": HEADS[a.objection], "said": a.said})
        for a in answers
    )
    return Table(f"{SAID} {block}", columns, rows, head=False)


def _inside(findings: Findings, lead: Answer) -> list[Section]:
    """The first segment group by group, a table a metric."""
    found = findings.objections.answers
    sections = []
    for name in LEADING:
        mine = [
            a for a in found if a.group and a.segment_id == lead.segment_id and a.metric == name
        ]
        if mine:
            title = words.sentence_case(words.SAY[name])
            parts = _group_parts(findings, name, mine)
            sections.append(
                Section(
                    f"{words.short(lead.segment, _LONGEST_NAME)}: {title}", parts, "group by group"
                )
            )
    return sections


def _group_parts(findings: Findings, name: str, answers: Sequence[Answer]) -> tuple[Part, ...]:
    entry = metric(name)
    unit = words.figure(entry, findings)
    share = unit.startswith("share")
    columns = (
        Column("group", "", 0, "label"),
        Column("n", "Of the segment", 2, "count"),
        Column("value", "Its figure", 3, unit, bold=True),
        Column("rest_n", words.OTHERS, 5, "count"),
        Column("rest", "Their figure", 6, unit),
        Column(
            "gap",
            "Difference",
            8,
            ("pp2" if unit == "share2" else "pp") if share else "money.change",
        ),
        Column("chip", "Inside it", 9, "chip"),
    )
    rows: list[Row] = []
    left_out = 0
    for objection in _asked(answers):
        mine = sorted((a for a in answers if a.objection == objection), key=lambda a: -(a.n or 0))
        if objection == YEAR:
            mine = sorted(mine, key=lambda a: a.group)
        left_out += max(0, len(mine) - _MOST_GROUPS)
        rows.append(Row(f"head of {objection}", {"group": HEADS[objection]}, "sub"))
        rows += [_group_row(a, share=share) for a in mine[:_MOST_GROUPS]]
    table = Table(f"{INSIDE} {name}", columns, tuple(rows))
    if not left_out:
        return (table,)
    return table, Text((f"{words.counted(left_out, 'smaller group')} not listed here.",), "note")


def _group_row(answer: Answer, *, share: bool) -> Row:
    gap = None
    if answer.difference is not None:
        times = 100 if share else 1
        text = f"({{value}}-{{rest}}){'*100' if share else ''}"
        gap = Formula(text, answer.difference * times)
    told = answer.word != "cant_tell"
    look = CHIPS[answer.word][1] if answer.word != "holds" else "chip"
    return Row(
        f"{answer.objection} {answer.group}",
        {
            "group": words.short(answer.group, _LONGEST_NAME),
            "n": answer.n,
            "value": answer.value if told else None,
            "rest_n": answer.rest_n,
            "rest": answer.rest_value if told else None,
            "gap": gap,
            "chip": Cell(_INSIDE_CHIPS[answer.word], look),
        },
    )


def _notes(findings: Findings, answers: Sequence[Answer]) -> tuple[str, ...]:
    """How to read the chips, and who was not asked."""
    if not answers:
        return ()
    found = findings.objections
    kept = {2 / 3: "two thirds"}.get(KEPT, f"{KEPT:.0%}")
    rule = (
        f"Holds: at least {kept} of the difference is left. Weaker: less of it. Reverses: it turns round. Can't tell "
        f"yet: fewer than {LEAST_UNITS} on a side, or most of the segment is in groups that cannot be compared."
    )
    within = (
        "Within groups: the differences inside each group, weighed by how many of both sides it has. Whether "
        "they are only newer or older is answered by sign-up year."
    )
    lines = [rule, within]
    if found.skipped:
        more = words.counted(found.skipped, "more candidate")
        lines.append(
            f"The {MOST_CANDIDATES} candidates with most clear differences; {more} left out."
        )
    if found.unclear:
        names = words.listing([f"“{words.short(n, _LONGEST_NAME)}”" for n in found.unclear], 4)
        lines.append(f"No clear difference to doubt: {names}.")
    if any(c.basis == "held_out" for c in findings.candidates):
        lines.append("Hypotheses are questioned on the half of customers that did not find them.")
    return tuple(lines)
