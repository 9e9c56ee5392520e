"""Objections on the page: the headline is what turns round, every clear difference has its row of chips."""

from dataclasses import replace

from mapseg_xl.analyze.objections import LEAST_UNITS, Objections
from mapseg_xl.report.spec import Cell
from mapseg_xl.report.tabs import objections
from tests.report.tabs.sample import cells, found, shown, tables, telco, texts, trial_rows, trials


def test_every_clear_difference_has_a_row_with_a_chip_for_each_objection():
    findings = trials()
    table = tables(objections.tab(findings))[objections.CHECKS]
    asked = {a.objection for a in findings.objections.answers}
    assert asked == {"biggest accounts", "channel", "sign-up year"}
    rows = {f"{a.segment_id} {a.metric}" for a in findings.objections.answers}
    assert {row.key for row in table.rows} == rows
    assert all(asked <= set(row.cells) for row in table.rows)


def test_what_does_not_hold_is_said_check_by_check_and_what_holds_once_a_difference():
    findings = trials()
    tab = objections.tab(findings)
    said = set(texts(tab))
    whole = [a for a in findings.objections.answers if not a.group]
    assert all(a.said in said for a in whole if a.word != "holds")
    holds = [a for a in whole if a.word == "holds"]
    rows = tables(tab)[f"{objections.SAID} holds"].rows
    assert {row.key for row in rows} == {f"{a.segment_id} {a.metric}" for a in holds}


def test_what_was_not_asked_says_which_column_would_tell():
    assert any("sales rep" in text for text in texts(objections.tab(trials())))


def partners(turned):
    """Agencies pay more, but only for coming through partners; `turned`: inside a channel they pay less."""
    rows = []
    for i in range(400):
        agency = i % 2 == 0
        partner = (i // 2) % 5 != 0 if agency else (i // 2) % 5 == 0
        price = (100 if partner else 20) - (8 if agency and turned else 0) + i % 3
        rows.append(
            {
                "customer_id": i,
                "industry": "Agency" if agency else "Shop",
                "channel": "Partner" if partner else "Search",
                "mrr": price,
            }
        )
    return only(found(rows, segments=("Agencies: industry = 'Agency'",)), "Agencies")


def only(findings, name):
    """The findings as if one candidate had been questioned alone."""
    asked = findings.objections
    answers = tuple(a for a in asked.answers if a.segment == name)
    return replace(findings, objections=replace(asked, answers=answers))


def test_the_headline_is_what_turns_round():
    tab = objections.tab(partners(turned=True))
    assert tab.headline == (
        "“Agencies” pays 2.1 times as much as everyone else, but within channels it turns round."
    )
    chip = cells(tables(tab)[objections.CHECKS])
    assert [shown(c) for (_, key), c in chip.items() if key == "channel"] == ["reverses"]


def test_without_a_reversal_the_headline_counts_what_holds():
    headline = objections.tab(partners(turned=False)).headline
    assert headline == (
        "1 of 2 checks hold; the difference of “Agencies” in revenue a month is weaker within channels."
    )


def test_the_first_segment_is_shown_group_by_group_with_counts():
    tab = objections.tab(partners(turned=True))
    inside = cells(tables(tab)[f"{objections.INSIDE} arpu"])
    assert shown(inside["channel Partner", "n"]) == 160
    assert shown(inside["channel Partner", "rest_n"]) == 40
    gap = shown(inside["channel Partner", "value"]) - shown(inside["channel Partner", "rest"])
    assert shown(inside["channel Partner", "gap"]) == gap


def test_a_group_that_is_too_small_shows_counts_and_no_figures():
    rows = [
        r | {"channel": "Fair" if i < LEAST_UNITS - 1 else r["channel"]}
        for i, r in enumerate(trial_rows(900))
    ]
    tab = objections.tab(found(rows, segments=("Agencies: industry = 'Agency'",)))
    inside = cells(tables(tab)[f"{objections.INSIDE} conversion"])
    assert shown(inside["channel Fair", "n"]) > 0
    assert inside["channel Fair", "value"] is None
    assert inside["channel Fair", "chip"] == "? too few"


def test_chips_say_in_words_what_their_colour_says():
    table = tables(objections.tab(trials()))[objections.CHECKS]
    chips = [c for row in table.rows for c in row.cells.values() if isinstance(c, Cell)]
    looks = {(c.content, c.look) for c in chips}
    assert looks <= set(objections.CHIPS.values())
    assert len(chips) == 3 * len(table.rows)


def test_degenerate_bases_are_told_plainly():
    nobody = objections.tab(replace(telco(), candidates=(), objections=Objections()))
    assert "no candidate segment" in nobody.headline
    rows = [{"customer_id": i, "kind": "AB"[i % 2] * 3, "mrr": 40 + i % 7} for i in range(200)]
    alike = objections.tab(found(rows, segment_by=("kind",)))
    assert "nothing to doubt" in alike.headline
    bare = [{"customer_id": i, "kind": "AB"[i % 2] * 3} for i in range(200)]
    assert "nothing to doubt" in objections.tab(found(bare, segment_by=("kind",))).headline


def test_without_candidates_the_tab_says_how_to_name_them():
    tab = objections.tab(replace(telco(), candidates=(), objections=Objections()))
    assert "--segment-by" in str(tab.sections[0].parts)
