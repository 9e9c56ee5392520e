"""TAM scoring, Priorities and Decision: what they say, that they follow what is typed, and that it stays."""

from dataclasses import replace

import openpyxl
import pytest

from mapseg_xl.prioritize.market import Typed
from mapseg_xl.report.identity import Previous, keep
from mapseg_xl.report.parts.scoring.answers import typed_answers
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.spec import Cell, Input, Report, Tab, Table
from mapseg_xl.report.tabs import decision, performance, priorities, survival_ltv, tam_scoring
from tests.prioritize.sample import company
from tests.report.tabs.sample import cells, found, shown, tab_of, tables, telco, texts, trial_rows
from tests.report.tabs.test_live_figures import formulas, number_of, saved
from tests.tools.office import need_office, recalculated
from tests.tools.validator import complaints, need_validator

TAM = "TAM scoring"


def key(findings, name):
    return next(r.segment_id for r in findings.priorities.rows if r.segment == name)


def headline(tab: Tab) -> str:
    lines = tab.headline if isinstance(tab.headline, tuple) else (tab.headline,)
    return " ".join(str(shown(line)) for line in lines)


def without_candidates():
    return found([{"customer_id": 1, "mrr": 3.0}, {"customer_id": 2, "mrr": 4.0}])


TABS = (tam_scoring.tab, priorities.tab, decision.tab)
DATA = {
    "company": company,
    "no market": lambda: company(market=()),
    "no margin": lambda: company(margin=None),
    "telco": lambda: telco("contract", "internet_service"),
    "no candidates": without_candidates,
    "one candidate": lambda: company(by=(), own=("Bureaus: industry = 'Agency'",)),
    "twelve rows": lambda: found(trial_rows(12), segment_by=("industry",)),
    "many": lambda: company(by=("industry", "region", "industry x region")),
}


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
@pytest.mark.parametrize("make", TABS)
def test_the_headline_fits_two_rows_and_is_a_sentence(make, data):
    tab = make(data())
    lines = tab.headline if isinstance(tab.headline, tuple) else (tab.headline,)
    said = headline(tab)
    assert said.endswith(".")
    assert len(said) <= 140
    assert all(len(str(shown(line))) <= (70 if len(lines) > 1 else 140) for line in lines)


@pytest.mark.parametrize("data", DATA.values(), ids=DATA)
@pytest.mark.parametrize("make", TABS)
def test_only_plain_words_stand_on_the_tabs(make, data):
    said = " ".join(texts(make(data()))).casefold()
    words = (
        "p-value",
        "confidence",
        "shrunk",
        "sampling",
        "dirichlet",
        "acceptability",
        "gate",
        "nan",
    )
    assert not [word for word in words if f" {word} " in f" {said} "]


def test_the_first_is_named_with_its_reruns_and_the_second_bet():
    said = headline(priorities.tab(company()))
    assert said.startswith("“Bureaus” comes first in")
    assert "of 100 reruns" in said


def test_an_order_that_rests_on_the_weights_is_said_to():
    found_ = company(market=(), by=("region",), own=())
    said = headline(priorities.tab(found_))
    assert "depends on the weights" in said or "comes first" in said
    assert ("depends" in said) == bool(found_.priorities.note)


def test_what_failed_keeps_its_row_without_score_and_rank():
    tab = priorities.tab(company())
    row = key(company(), "Law firm")
    made = cells(tables(tab)["ranking"])
    assert shown(made[row, "total"]) is None
    assert shown(made[row, "rank"]) is None
    assert shown(made[row, "gate"]) == 75
    assert made[row, "call"] == "Hold · thin"


def test_market_lines_that_speak_of_nobody_are_said():
    assert any("“Martians”" in text for text in texts(tam_scoring.tab(company())))


def test_no_tab_shows_more_than_a_dozen_in_full_and_none_is_lost():
    found_ = DATA["many"]()
    made = tables(priorities.tab(found_))
    shown_keys = {r.key for r in made["ranking"].rows}
    listed = {r.key for r in made["other candidates"].rows}
    assert shown_keys | listed == {c.segment_id for c in found_.candidates}
    assert not shown_keys & listed


def test_weights_that_do_not_sum_to_all_are_said_in_words():
    typed = Typed(weights={"value": 0.65})
    row = cells(tables(tam_scoring.tab(company(typed=typed)))["weights"])
    assert "sum to 150%" in str(shown(row["sum", "words"]))
    assert shown(cells(tables(tam_scoring.tab(company()))["weights"])["sum", "words"]) is None


def typed_into(report: Report, values: dict[tuple[str, str, str], object]) -> Report:
    """The report with these words in its input cells: table, row, column."""

    def table(part: object) -> object:
        if not isinstance(part, Table):
            return part
        rows = [
            replace(row, cells={c: cell(part.id, row.key, c, v) for c, v in row.cells.items()})
            for row in part.rows
        ]
        return replace(part, rows=tuple(rows))

    def cell(block: str, row: str, column: str, content: object) -> object:
        inner = content.content if isinstance(content, Cell) else content
        if isinstance(inner, Input) and (block, row, column) in values:
            return replace(inner, value=values[block, row, column])
        return content

    tabs = [
        replace(
            tab,
            sections=tuple(replace(s, parts=tuple(map(table, s.parts))) for s in tab.sections),
        )
        if tab.name == TAM
        else tab
        for tab in report.tabs
    ]
    return replace(report, tabs=tuple(tabs))


def changes(first: str, other: str) -> tuple[dict, Typed]:
    """Cells as somebody fills them in, and the same as a run reads them."""
    cells_ = {
        ("answers", first, "competition"): 3,
        ("answers", first, "growth"): None,
        ("answers", first, "reachable"): "a lot",
        ("answers", other, "accounts"): 4000,
        ("answers", other, "average_contract_value"): 12_000,
        ("answers", other, "scalable_channel"): 9,
        ("weights", "value", "weight"): 0.5,
        ("weights", "cost", "weight"): None,
        ("anchors", "conversion", "worst"): 20,
        ("anchors", "growth", "best"): 0.1,
        ("anchors", "competition", "best"): "none",
        ("limits", "plan_growth", "value"): 3,
        ("limits", "payback_months", "value"): 30,
    }
    typed = Typed(
        market={
            (first, "competition"): 3.0,
            (first, "growth"): None,
            (first, "reachable"): None,
            (other, "accounts"): 4000.0,
            (other, "average_contract_value"): 12_000.0,
            (other, "scalable_channel"): None,
        },
        weights={"value": 0.5, "cost": None},
        anchors={
            ("conversion", "worst"): 20.0,
            ("growth", "best"): 0.1,
            ("competition", "best"): None,
        },
        limits={"plan_growth": 3.0, "payback_months": 30.0},
    )
    return cells_, typed


def test_what_is_typed_is_read_as_the_next_run_needs_it():
    cells_, typed = changes("x", "y")
    earlier = Previous(typed={(TAM, *place): value for place, value in cells_.items()})
    assert typed_answers(earlier) == typed
    assert typed_answers(None) == Typed()


def test_words_and_units_typed_with_a_number_are_read():
    earlier = Previous(
        typed={
            (TAM, "answers", "x", "reachable"): "40%",
            (TAM, "answers", "x", "accounts"): "1,200",
        }
    )
    assert typed_answers(earlier).market == {("x", "reachable"): 0.4, ("x", "accounts"): 1200.0}


def test_what_was_typed_stays_in_its_cell():
    found_ = company()
    place = (TAM, "answers", key(found_, "Bureaus"), "growth")
    kept = keep(report_of(found_), Previous(typed={place: 0.33}))
    assert shown(cells(tables(tab_of(kept, TAM))["answers"])[place[2:]]) == 0.33


def test_a_chosen_segment_is_remembered_with_its_rule():
    chosen = {("Decision", "choices", "1", "segment"): "Bureaus"}
    typed = typed_answers(Previous(typed=chosen))
    assert typed.decided == ("Bureaus",)
    found_ = company(typed=typed)
    remembered = decision.decided_memory(found_, None)
    assert key(found_, "Bureaus") in remembered["decided"]
    assert "industry = 'Agency'" in remembered["decided"]
    assert headline(decision.tab(found_)) == "Decided: we build and sell for Bureaus."


def test_a_chosen_segment_that_is_no_candidate_any_more_stays_as_it_was_decided():
    earlier = Previous(memory={"decided": '[["old-1", "Old", "a = \'b\'"]]'})
    found_ = company(typed=Typed(decided=("Old",)))
    assert decision.decided_memory(found_, earlier)["decided"] == '[["old-1", "Old", "a = \'b\'"]]'


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("data", ["company", "no market", "no margin", "many"])
def test_recalculation_gives_the_values_we_wrote(data, tmp_path):
    need_office()
    book = saved(report_of(DATA[data]()), tmp_path)
    before = openpyxl.load_workbook(book, data_only=True)
    after = openpyxl.load_workbook(recalculated(book, tmp_path), data_only=True)
    wrong = []
    for sheet, address, text in formulas(book):
        one, other = (b[sheet][address].value or "" for b in (before, after))
        same = one == other or {one, other} <= {"", 0}
        if isinstance(one, int | float) and isinstance(other, int | float):
            same = abs(one - other) <= 1e-9 * max(1.0, abs(one))
        if not same:
            wrong.append((sheet, address, text, one, other))
    assert not wrong


def report_of(findings) -> Report:
    """The three tabs and those they copy from."""
    makers = (performance.tab, tam_scoring.tab, priorities.tab, decision.tab, survival_ltv.tab)
    return Report(tuple(make(findings) for make in makers), "Test", "Test", "")


@pytest.mark.office
@pytest.mark.slow
def test_typed_answers_weights_anchors_and_limits_give_the_scores_of_the_next_run(tmp_path):
    need_office()
    now = company()
    values, typed = changes(key(now, "Bureaus"), key(now, "Shop"))
    report = typed_into(report_of(now), values)
    plan = lay_out(report)
    after = openpyxl.load_workbook(recalculated(saved(report, tmp_path), tmp_path), data_only=True)
    later = company(typed=typed)
    codes = {"failed": 75, "unknown": 100, "passed": 140}
    assert [r.score for r in later.priorities.rows] != [r.score for r in now.priorities.rows]
    for row in (r for r in later.priorities.rows if not r.twin_of):
        total, rank, gate, high = (
            after[sheet][address].value
            for sheet, address in (
                number_of(plan, "Priorities", "ranking", row.segment_id, "total"),
                number_of(plan, "Priorities", "ranking", row.segment_id, "rank"),
                number_of(plan, "Priorities", "ranking", row.segment_id, "gate"),
                number_of(plan, TAM, "scores", row.segment_id, "high"),
            )
        )
        assert gate == codes[row.gate]
        assert (rank or None) == row.rank
        if row.score is None:
            assert total in (None, "")
        else:
            assert total == pytest.approx(100 * row.score, rel=1e-9)
            if row.score_high > row.score:
                assert high == pytest.approx(100 * row.score_high, rel=1e-9)


@pytest.mark.validator
def test_the_workbook_of_many_candidates_is_valid(tmp_path):
    need_validator()
    assert not complaints(saved(report_of(DATA["many"]()), tmp_path))
