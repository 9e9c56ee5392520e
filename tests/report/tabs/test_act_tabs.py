"""Profiles, Voice of customer, Rollout: linked figures, people's words as they are, honest where nothing is known."""

import csv
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.commands import Beside, run
from mapseg_xl.hosts.file import to_bytes
from mapseg_xl.report.identity import Previous, keep, letter_memory
from mapseg_xl.report.plan import lay_out
from mapseg_xl.report.report import build_report
from mapseg_xl.report.spec import Cell, Figures, Formula, Input, Report, Text
from mapseg_xl.report.tabs import profile, rollout, voice
from mapseg_xl.request import Request, silent
from mapseg_xl.rollout.moves import TEAMS, find_moves
from mapseg_xl.rollout.profiles import Profile, Profiles, Typical
from mapseg_xl.rollout.voice import UNSAID, Heard, Voice
from tests.report.tabs.sample import (
    cells,
    found,
    shown,
    tab_of,
    tables,
    telco,
    texts,
    trial_rows,
    trials,
)
from tests.tools.office import need_office, recalculated

FORMULA = "=1+1 is what I pay for, +49 not"


@cache
def chosen() -> Findings:
    """Agencies and coaches are chosen; seven notes of agencies, one of coaches, two of nobody known."""
    base = trials()
    by_name = {c.name: c for c in base.candidates}
    profiles = tuple(
        _profile(letter, by_name[name]) for letter, name in (("A", "Agency"), ("B", "Coaching"))
    )
    heard = Voice(tuple(_notes(*profiles)))
    lines = {(row.segment_id, row.metric): row for row in base.performance}
    return replace(
        base,
        profiles=Profiles(profiles, {p.segment_id: p.letter for p in profiles}),
        voice=heard,
        moves=find_moves(profiles, heard, lines),
    )


def _profile(letter, candidate):
    search = Typical("channel", "behavioural", "Search", 200, 400, 300, 1000)
    only = Typical("goal", "psychographic", "Grow", 60, 400, 0, 1000)
    share = candidate.n / 1500
    traits = (Typical("size", "firmographic", "1 to 9", 100, 400, 50, 1000), only)
    return Profile(
        letter, candidate.segment_id, candidate.name, candidate.rule, "focus", candidate.n, share, traits, (search,)
    )  # fmt: skip


def _notes(agency, coaching):
    said = [
        ("Own brand", "Our name, please."),
        ("Own brand", FORMULA),
        ("Own brand", "A logo."),
        ("Own brand", "Ours."),
    ]
    said += [("Price", "Too dear."), ("Price", "Why so much?"), (UNSAID, "x" * 400)]
    for at, (theme, quote) in enumerate(said):
        yield Heard(
            f"a{at}", date(2025, 6, 20 - at), "Sales", agency.segment_id, "Agency", quote, theme
        )
    yield Heard("c", date(2025, 5, 1), "Support", coaching.segment_id, "Coaching", "Fine.", "Price")
    yield Heard("o", date(2025, 4, 1), "", "", "Old clients", "Hm.", "Speed")
    yield Heard("n", None, "", "", UNSAID, "Ah.", UNSAID)


def saved(findings: Findings, folder: Path, report: Report | None = None) -> Path:
    path = folder / "book.xlsx"
    path.write_bytes(to_bytes(lay_out(report or build_report(findings))))
    return path


def test_each_chosen_segment_has_a_tab_under_its_letter():
    assert [tab.name for tab in profile.tabs(chosen())] == ["Profile A", "Profile B"]


def test_where_nothing_is_chosen_there_is_no_profile():
    bare = found([{"customer_id": i, "mrr": 10 + i % 5} for i in range(90)])
    assert profile.tabs(bare) == ()
    assert rollout.tab(bare).headline.startswith("No segment is chosen yet")
    assert list(tables(rollout.tab(bare))) == ["steps", "people"]


def test_figures_of_a_profile_are_copies_of_performance():
    band = next(
        p for s in profile.tabs(chosen())[0].sections for p in s.parts if isinstance(p, Figures)
    )
    assert [item.key for item in band.items][:2] == ["conversion", "arpu"]
    for item in band.items:
        assert isinstance(item.content, Formula)
        assert item.content.refs["it"].tab in ("Performance", "Survival & LTV")


def test_a_clear_difference_carries_arrow_word_and_colour():
    band = next(
        p for s in profile.tabs(chosen())[0].sections for p in s.parts if isinstance(p, Figures)
    )
    mark = next(item.mark for item in band.items if item.key == "conversion")
    assert isinstance(mark, Cell)
    assert (str(shown(mark)).split(" ")[0], str(shown(mark)).split(" ")[-1], mark.look) == (
        "▲",
        "better",
        "better",
    )


def test_the_headline_of_a_profile_says_what_the_segment_does_better_with_figures():
    tab = profile.tabs(chosen())[0]
    assert tab.headline.startswith("“Industry: Agency” ")
    assert "against" in tab.headline
    assert any(ch.isdigit() for ch in tab.headline)


def test_what_nobody_else_has_is_a_dash_with_its_reason():
    tab = profile.tabs(chosen())[0]
    assert cells(tables(tab)["traits"])["goal", "times"] is None
    who = next(s for s in tab.sections if s.title == "Who they are")
    assert "– only they" in who.help


def test_a_profile_quotes_the_newest_note_of_each_theme_on_one_line():
    quotes = [shown(row.cells["quote"]) for row in tables(profile.tabs(chosen())[0])["quotes"].rows]
    assert quotes[:2] == ["“Our name, please.”", "“Too dear.”"]
    assert all(len(quote) <= 107 for quote in quotes)


def test_a_segment_without_notes_says_so():
    silent = replace(chosen(), voice=Voice())
    assert any("Nobody has written down" in text for text in texts(profile.tabs(silent)[0]))


def test_completeness_counts_every_yellow_answer():
    tab = profile.tabs(chosen())[0]
    evidence = next(
        line
        for s in tab.sections
        for p in s.parts
        if isinstance(p, Text)
        for line in p.lines
        if "Complete" in str(shown(line))
    )
    asked = [row for block in ("job", "say", "build", "agree") for row in tables(tab)[block].rows]
    assert f"0 of {len(asked)} answers" in str(shown(evidence))


def test_notes_are_counted_by_segment_and_theme():
    table = cells(tables(voice.tab(chosen()))["counts"])
    agency = chosen().profiles.chosen[0].segment_id
    assert shown(table[agency, "theme0"]) == 4  # own brand
    assert shown(table[agency, "all"]) == 7
    assert (shown(table["total", "all"]), shown(table["total", "theme0"])) == (10, 4)
    assert shown(table["said Old clients", "all"]) == 1


def test_the_headline_of_voice_says_what_the_first_chosen_segment_talks_about():
    headline = voice.tab(chosen()).headline
    assert (
        " ".join(str(shown(row)) for row in headline)
        == "“Agency” talks most about “Own brand”: 4 of 7 notes."
    )


def test_without_notes_there_is_room_to_write_them_down():
    tab = voice.tab(telco("contract"))
    assert "No customer has been quoted yet" in tab.headline
    assert list(tables(tab)) == ["added"]
    assert all(isinstance(cell, Input) for cell in cells(tables(tab)["added"]).values())


def test_what_customers_said_is_never_a_formula(tmp_path):
    book = openpyxl.load_workbook(saved(chosen(), tmp_path))
    for name in ("Voice of customer", "Profile A"):
        said = [c for row in book[name].iter_rows() for c in row if "=1+1 is what" in str(c.value)]
        assert all(cell.data_type == "s" for cell in said)
    assert any(c.value == FORMULA for row in book["Voice of customer"].iter_rows() for c in row)


def test_every_team_has_its_moves_with_the_finding_below():
    found_ = tables(rollout.tab(chosen()))
    for team in TEAMS:
        rows = found_[rollout.block_of(team)].rows
        for move, why in zip(rows[:-2:2], rows[1:-2:2], strict=True):
            assert why.key == f"{move.key} why"
            assert str(shown(why.cells["move"])).endswith(".")


def test_moves_are_named_after_their_segments_profile():
    moves = tables(rollout.tab(chosen()))[rollout.block_of("Sales")]
    assert [shown(row.cells["segment"]) for row in moves.rows if row.look != "sub"][:2] == [
        "Agency",
        "Coaching",
    ]


def test_who_suggested_a_segment_is_asked_first():
    rows = [{"customer_id": i, "industry": "AB"[i % 2] * 3, "mrr": 10 + i % 5} for i in range(300)]
    findings = found(rows, segments=("Favourites: industry = 'AAA'",))
    candidates = tuple(replace(c, suggested_by="CEO") for c in findings.candidates)
    people = tables(rollout.tab(replace(findings, candidates=candidates)))["people"]
    assert people.rows[0].cells["person"] == "CEO"
    assert str(people.rows[0].cells["known"]).startswith("Favourites")


def test_a_letter_is_remembered_by_the_workbook():
    report = build_report(chosen())
    memory = Previous(memory=report.memory)
    assert memory.letters == chosen().profiles.letters
    assert Previous(memory=letter_memory({"x": "C"})).letters == {"x": "C"}


def test_words_typed_on_a_profile_come_back():
    key = ("Profile A", "job", "pain 1", "answer")
    again = keep(build_report(chosen()), Previous(typed={key: "Clients see another name"}))
    assert (
        shown(cells(tables(tab_of(again, "Profile A"))["job"])["pain 1", "answer"])
        == "Clients see another name"
    )


def test_what_was_typed_for_a_segment_no_longer_chosen_is_kept_aside():
    key = ("Profile B", "job", "job", "answer")
    gone = replace(
        chosen(), profiles=replace(chosen().profiles, chosen=chosen().profiles.chosen[:1]), moves=()
    )
    again = keep(build_report(gone), Previous(typed={key: "Teach well"}))
    assert "Teach well" in list(texts(again.tabs[-1]))


def _typed(report: Report, typed: dict[tuple[str, str, str, str], str]) -> Report:
    return keep(report, Previous(typed=typed))


@pytest.mark.office
@pytest.mark.slow
def test_counts_follow_what_people_add(tmp_path):
    need_office()
    agency = chosen().profiles.chosen[0]
    move = tables(rollout.tab(chosen()))[rollout.block_of("Sales")].rows[0].key
    typed = {
        ("Voice of customer", "added", "added 1", "quote"): "Ours, again.",
        ("Voice of customer", "added", "added 1", "segment"): "Agency",
        ("Voice of customer", "added", "added 1", "theme"): "Own brand",
        ("Rollout", rollout.block_of("Sales"), move, "status"): "done",
        ("Profile A", "job", "job", "answer"): "Teach clients",
    }
    report = _typed(build_report(chosen()), typed)
    book = saved(chosen(), tmp_path, report)
    values = openpyxl.load_workbook(recalculated(book, tmp_path / "new"), data_only=True)
    said = {
        name: [c.value for row in values[name].iter_rows() for c in row]
        for name in values.sheetnames
    }
    assert "5 of 8 notes." in said["Voice of customer"]
    assert f"1 of {len(chosen().moves)} moves are done;" in said["Rollout"]
    assert any(str(v).startswith("Complete: 1 of 14") for v in said["Profile A"])
    assert agency.name in said["Voice of customer"]


@cache
def crowded() -> Findings:
    """Notes of more segments and themes than the counts have rows and columns for."""
    heard = [
        Heard(
            f"{at}",
            date(2025, 1, 1 + at % 28),
            "Sales",
            "",
            f"group {at % 13}",
            "Said.",
            f"theme {at % 9 % 8}",
        )
        for at in range(90)
    ]
    return replace(chosen(), voice=Voice((*chosen().voice.notes, *heard)))


def test_what_has_no_row_or_column_of_its_own_is_counted_as_other():
    table = cells(tables(voice.tab(crowded()))["counts"])
    assert shown(table["other", "all"]) == sum(
        note.segment not in {shown(c) for (_, column), c in table.items() if column == "segment"}
        for note in crowded().voice.notes
    )
    assert shown(table["total", "other"]) > 0


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("base", [chosen, crowded])
def test_every_figure_is_what_libreoffice_makes_of_it(base, tmp_path):
    need_office()
    book = saved(base(), tmp_path)
    ours = openpyxl.load_workbook(book, data_only=True)
    anew = openpyxl.load_workbook(recalculated(book, tmp_path / "new"), data_only=True)
    compared = 0
    for name in ("Profile A", "Profile B", "Voice of customer", "Rollout"):
        for row in ours[name].iter_rows():
            for cell in row:
                other = anew[name][cell.coordinate].value
                if isinstance(cell.value, float | int):
                    assert other == pytest.approx(cell.value, rel=1e-9, abs=1e-12), (
                        name,
                        cell.coordinate,
                    )
                    compared += 1
                elif cell.value not in (None, ""):
                    assert str(other) == str(cell.value), (name, cell.coordinate)
    assert compared > 60


def test_a_profile_typed_in_is_there_again_when_the_run_is_made_again(tmp_path):
    source, out = tmp_path / "trials.csv", tmp_path / "trials-segmentation.xlsx"
    with source.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(trial_rows(1)[0]))
        writer.writeheader()
        writer.writerows(trial_rows(1500))
    asked = Request((source,), segments=("Agencies: industry = 'Agency'",))
    first = run(asked, out, Beside(), silent).findings.profiles
    book = openpyxl.load_workbook(out)
    spot = next(c for row in book["Profile A"].iter_rows() for c in row if c.value == "Promise")
    book["Profile A"].cell(spot.row, spot.column + 1).value = "Your name on it"
    book.save(out)
    again = run(asked, out, Beside(), silent).findings.profiles
    assert again.letters == first.letters
    kept = [c.value for row in openpyxl.load_workbook(out)["Profile A"].iter_rows() for c in row]
    assert "Your name on it" in kept
