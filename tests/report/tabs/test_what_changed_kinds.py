"""What changed tells new rows, new behaviour and edited entries apart: its figures are those of a known truth."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from mapseg_xl.analyze.baselines import Baseline, Baselines
from mapseg_xl.analyze.findings import Findings
from mapseg_xl.analyze.stock_taking import baseline_of
from mapseg_xl.report.parts.changed.drift_line import drift_line
from mapseg_xl.report.tabs import what_changed
from mapseg_xl.settings import Settings
from tests.analyze.test_recount import until
from tests.report.tabs.sample import cells, found, shown, tables, texts, trial_rows
from tests.test_refresh import MARCH

Rows = list[dict[str, object]]
OWN = ("Agencies: industry = 'Agency'",)
DAY = MARCH.isoformat()


def everybody() -> Rows:
    return [dict(row) for row in trial_rows(900)]


def run(rows: Rows, *since: Baseline) -> Findings:
    made = Settings(
        window_days=30, proposal_most=0, reruns=200, bootstrap_draws=200, horizon_months=12
    )
    findings = found(rows, settings=made, segments=OWN, since=since)
    return replace(findings, past=Baselines(last=since[0])) if since else findings


@cache
def march() -> Baseline:
    return baseline_of(run(until(everybody(), MARCH)))


def told(findings: Findings) -> dict[str, object]:
    """The rows of the table of kinds, by key."""
    table = tables(what_changed.tab(findings))["kinds"]
    held = cells(table)
    return {row.key: shown(held[row.key, "rows"]) for row in table.rows if "rows" in row.cells}


def headline(findings: Findings) -> str:
    return str(what_changed.tab(findings).headline)


def test_only_news_are_counted_exactly_and_nothing_is_called_edited() -> None:
    rows = everybody()
    findings = run(rows, march())
    new = [r for r in rows if str(r["trial_start"]) > DAY]
    known = [r for r in rows if r not in new]
    assert told(findings) == {
        "new rows": len(new),
        "new bought": sum(bool(r["converted_on"]) for r in new),
        **({"new left": n} if (n := sum(bool(r["churned_on"]) for r in new)) else {}),
        "bought since": sum(str(r["converted_on"]) > DAY for r in known),
        "left since": sum(str(r["churned_on"]) > DAY for r in known),
    }
    assert headline(findings).startswith(f"{len(new)} new rows since ")
    assert "edited" not in headline(findings)


def test_the_money_of_each_kind_adds_up_to_what_is_paid_now() -> None:
    rows = everybody()
    findings = run(rows, march())
    held = cells(tables(what_changed.tab(findings))["money"])
    now = sum(float(str(r["mrr"])) for r in rows if r["converted_on"] and not r["churned_on"])
    new = [r for r in rows if str(r["trial_start"]) > DAY and r["converted_on"]]
    came = sum(float(str(r["mrr"])) for r in new if not r["churned_on"])
    assert shown(held["now", "value"]) == pytest.approx(now)
    assert shown(held["new", "value"]) == pytest.approx(came)
    assert shown(held["repriced", "value"]) == 0


def test_edits_deletions_and_other_prices_stand_in_their_own_lines() -> None:
    rows = everybody()
    before = [i for i, r in enumerate(rows) if str(r["trial_start"]) <= DAY]
    paying = [i for i in before if r_pays(rows[i])]
    for i in paying[:90:10]:
        rows[i]["mrr"] = float(str(rows[i]["mrr"])) + 5
    for i in before[300:340:10]:
        rows[i]["trial_start"] = "2022-05-05"
    gone = set(before[500:560:20])
    rows = [r for i, r in enumerate(rows) if i not in gone]
    findings = run(rows, march())
    lines = told(findings)
    for key, truth in (("gone", 3), ("started", 4), ("price", 9)):
        assert truth - 1 <= int(str(lines[key])) <= truth, key
    assert "won" not in lines
    assert "earlier entries edited" in headline(findings)
    assert "earlier entries edited" in drift_line(findings)


def r_pays(row: dict[str, object]) -> bool:
    return bool(row["converted_on"]) and str(row["converted_on"]) <= DAY and not row["churned_on"]


def test_only_other_prices_are_no_history_edited() -> None:
    rows = until(everybody(), MARCH)
    paying = [r for r in rows if r_pays(r)][:40:8]
    for row in paying:
        row["mrr"] = float(str(row["mrr"])) * 2
    findings = run(rows, march())
    assert headline(findings).startswith(
        f"No new row since {_said()}; at least {len(paying)} customers pay"
    )
    lines = told(findings)
    assert lines["price"] == len(paying)
    assert not {"gone", "came", "started", "won", "left"} & set(lines)


def _said() -> str:
    day = march().as_of
    assert day is not None
    return f"{day.day} {day:%b %Y}"


def test_the_same_rows_in_another_order_are_the_same_data() -> None:
    rows = until(everybody(), MARCH)
    np.random.default_rng(3).shuffle(rows)  # type: ignore[arg-type]
    findings = run(rows, march())
    assert findings.origin.fingerprint == march().fingerprint
    assert headline(findings).startswith("Nothing changed: the same data as on ")
    assert drift_line(findings) == ""


def test_a_renamed_column_is_said_with_what_to_do() -> None:
    renamed = [{("route" if k == "channel" else k): v for k, v in r.items()} for r in everybody()]
    findings = run(renamed, march())
    said = [text for text in texts(what_changed.tab(findings)) if "is called “route” now" in text]
    assert len(said) == 1
    assert said[0].startswith("The column “channel”")


def test_a_mix_of_new_rows_that_is_another_is_called_a_shift_and_one_that_is_not_is_not() -> None:
    rows = everybody()
    for row in rows:
        if str(row["trial_start"]) > DAY:
            row["industry"] = "Agency"
    for data, chip in ((rows, "strong shift"), (everybody(), "same mix")):
        table = tables(what_changed.tab(run(data, march())))["mixes"]
        held = cells(table)
        unmoved = ("same mix", "no clear shift")
        assert held["industry", "new"] in ((chip,) if data is rows else unmoved)
