"""TAM scoring: what is known of each candidate's market, the must-haves, and how the score comes about."""

from __future__ import annotations

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.prioritize.gates import FAILED
from mapseg_xl.prioritize.market import ANSWERS, answered
from mapseg_xl.report import words
from mapseg_xl.report.parts import native
from mapseg_xl.report.parts.names import TAM_SCORING
from mapseg_xl.report.parts.scoring.answers import (
    anchors_table,
    answers_table,
    limits_table,
    weights_table,
)
from mapseg_xl.report.parts.scoring.board import Board, board
from mapseg_xl.report.parts.scoring.known_figures import gate_heat, known_table
from mapseg_xl.report.parts.scoring.market_sizes import sizes_table
from mapseg_xl.report.parts.scoring.scores import (
    SCORES,
    TOTAL,
    rest_table,
    scores_heat,
    scores_table,
)
from mapseg_xl.report.spec import Content, Part, Ref, Section, Tab, Text

WIDTHS = {1: 66, 2: 64, 3: 72, 4: 68, 5: 66, 6: 66, 7: 64, 8: 62, 9: 200, 10: 72}  # 800 in all
NO_CANDIDATES = "There is no candidate to score yet: no hypothesis, no segment of your own."
_YELLOW = "yellow = yours to change"
_MOSTLY = 2  # criteria named in the headline
_SAID = {
    "conversion": "how often it converts",
    "value": "what it pays",
    "stickiness": "how long it stays",
    "cost": "how soon it pays back",
    "market": "its market",
    "winnability": "how well it can be won",
}


def tab(findings: Findings) -> Tab:
    """The tab of a run's findings."""
    what = board(findings)
    if not what.rows:
        return nothing(TAM_SCORING)
    return Tab(
        TAM_SCORING,
        "PRIORITIZE",
        _headline(what),
        _subline(what),
        tuple(_sections(what)),
        notes=_notes(what),
        widths=WIDTHS,
        has_inputs=True,
    )


def nothing(name: str) -> Tab:
    """A short tab where there is no candidate."""
    needs = (
        "Candidates are what your team believes in (--segment, or a sheet My segments), what the run "
        "proposes, and the values of an attribute named with --segment-by."
    )
    return Tab(
        name,
        "PRIORITIZE",
        NO_CANDIDATES,
        "Candidates are compared here once there are some.",
        (Section("What is needed", (Text((needs,)),)),),
    )


def _headline(what: Board) -> Content:
    """The first one's score, live, and which criteria it comes from."""
    first = what.first
    if first is None or first.score is None:
        return "No candidate has a score: each fails a must-have."
    score = native.copy(Ref(SCORES, first.segment_id, TOTAL), first.score * 100)
    mostly = _mostly(what, first.segment_id)
    return native.sentence(
        f"{words.sentence_case(what.quoted(first.segment_id))} scores ",
        score,
        f" of 100{mostly}.",
        kinds=("index",),
    )


def _mostly(what: Board, key: str) -> str:
    """The known criteria that give the most points."""
    weights = {c.id: c.weight for c in what.priorities.criteria}
    points = {
        s.criterion: weights[s.criterion] * (s.utility or 0.0)
        for s in what.priorities.scores
        if s.segment_id == key and s.utility is not None
    }
    best = sorted((c for c in points if points[c] > 0), key=lambda c: -points[c])[:_MOSTLY]
    if not best:
        return ", all of it still open"
    return f", mostly for {words.listing([_SAID[c] for c in best])}"


def _subline(what: Board) -> str:
    running = [row.segment_id for row in what.rows if row.gate != FAILED]
    without = sum(answered(what.markets[key].line) < len(ANSWERS) for key in running)
    if without:
        verb = "lacks" if without == 1 else "lack"
        of = f"{without:,} of {words.counted(len(running), 'candidate')} {verb} market answers"
        return f"Provisional: {of}. What is missing may score 0 to 100, and counts half."
    return "Answers about the market, then must-haves, then a weighted score on fixed anchors."


def _sections(what: Board) -> list[Section]:
    parts: list[Part] = [answers_table(what)]
    unmatched = what.priorities.unmatched
    if unmatched:
        names = words.listing([f"“{words.short(n, 40)}”" for n in unmatched])
        parts.append(
            Text((f"In your market sheet, but no candidate is called so: {names}.",), "note")
        )
    sections = [
        Section("Answers about the market", tuple(parts), f"scores 0–3 · {_YELLOW}"),
        Section(
            "What follows",
            (sizes_table(what),),
            "accounts × yearly value = TAM; the part we can reach = SAM",
        ),
        Section(
            "Figures and must-haves",
            (known_table(what), gate_heat()),
            "index: everyone else = 100, few customers drawn toward it",
        ),
        Section(
            "Scores, 0–100",
            (scores_table(what), scores_heat()),
            "darker = better; – counts half",
        ),
    ]
    if what.rest:
        sections.append(Section("Other candidates", (rest_table(what),), "as in the last run"))
    return [
        *sections,
        Section("Weights", (weights_table(what),), _YELLOW),
        Section("Anchors", (anchors_table(what),), _YELLOW),
        Section("Must-haves", (limits_table(what),), _YELLOW),
    ]


def _notes(what: Board) -> tuple[str, ...]:
    plan = what.priorities.limits.get("plan_growth")
    adds = "" if plan is None else f" The plan adds {plan:.0%} of those it has."
    sizes = (
        "TAM: all accounts times what one pays a year. SAM: the part we can reach. SOM: the part of that we can win. "
        f"Headroom: accounts we can reach, less our customers.{adds}"
    )
    dashes = (
        "– : nobody has said so, or the data does not give it. Under Scores it counts 50; “from, to” "
        "says how low or high the score may turn out."
    )
    live = (
        "Scores and ranks follow every yellow cell at once; reruns, evidence and calls on "
        "Priorities follow at the next run."
    )
    return sizes, dashes, live
