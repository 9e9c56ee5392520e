"""The buttons that run one step or all of them and write its tabs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from mapseg_xl.analyze.findings import Findings
from mapseg_xl.excel.actions.bench import Bench
from mapseg_xl.excel.actions.desk import Desk, Worked, desk_of, work, write
from mapseg_xl.excel.actions.done import Done
from mapseg_xl.excel.buttons import BUTTONS, GROUPS, PROFILES
from mapseg_xl.hosts.live import host as live
from mapseg_xl.report import words
from mapseg_xl.report.parts import names
from mapseg_xl.report.parts.home.column_readings import is_asked
from mapseg_xl.runs import COUNTED_STEPS

Action = Callable[[Bench], Done]

STEP_OF = {button.id: group.id for group in GROUPS for button in group.buttons}


def tabs_of(button: str, findings: Findings) -> tuple[str, ...]:
    """The tabs a button writes, those of the chosen segments by name."""
    profiles = tuple(names.profile(p.letter) for p in findings.profiles.chosen)
    tabs = BUTTONS[button].tabs
    return tuple(name for tab in tabs for name in (profiles if tab == PROFILES else (tab,)))


def step(button: str) -> Action:
    """The action of a button that runs its step and shows the first of its tabs."""

    def act(bench: Bench) -> Done:
        desk = desk_of(bench)
        worked = work(desk)
        return written(desk, worked, tabs_of(button, worked.findings), steps_of(button))

    return act


def steps_of(button: str) -> tuple[str, ...]:
    """The step of Start here that a button belongs to; none for those that share or help."""
    return (STEP_OF[button],) if STEP_OF[button] in COUNTED_STEPS else ()


def written(
    desk: Desk, worked: Worked, tabs: Collection[str], steps: Iterable[str] = (), said: str = ""
) -> Done:
    """Writes tabs and shows the first of them."""
    wrote = write(desk, worked, tabs, tuple(steps))
    return Done(wrote.sheet_of(next(iter(tabs), "")), said=said, undo=wrote.changed)


def confirm_columns(bench: Bench) -> Done:
    """Writes how columns were read on Settings, then asks for agreement to one sentence of totals."""
    desk = desk_of(bench)
    worked = work(desk)
    wrote = write(desk, worked, (names.SETTINGS,), ("set_up",))
    findings = worked.findings
    many = sum(is_asked(guess) and not guess.sure for guess in findings.origin.guesses)
    unsure = words.counted(many, "column") + (" was" if many == 1 else " were") if many else ""
    doubt = f"\n\n{unsure} read with a doubt: see Settings." if unsure else ""
    if bench.agree(f"{totals(findings)} Is that right?{doubt}"):
        said = "Good. Press Run all, or the buttons from left to right."
    else:
        said = (
            "Look at “How columns were read” on Settings. Choose in a yellow cell what a column is for, then press "
            "Confirm columns again. Rows that are wrong themselves are listed by Check data."
        )
    return Done(wrote.sheet_of(names.SETTINGS), said=said, undo=wrote.changed)


def totals(findings: Findings) -> str:
    """Who was counted, and what they pay, in one sentence."""
    whole = findings.whole
    parts = (
        (whole.leads, "lead"),
        (whole.trials, "trial"),
        (whole.customers, "customer"),
        (whole.churned, ""),
    )
    said = [words.counted(n, one) if one else f"{n:,} who have left" for n, one in parts if n]
    money = whole.revenue_monthly_now or whole.revenue_monthly
    paid = f"; {amount(money.values.total, findings.currency)} a month" if money else ""
    return f"{words.counted(whole.size, 'row')}: {', '.join(said)}{paid}."


def amount(value: float, currency: str) -> str:
    """Money as people say it.

    >>> amount(1_234_567, "$"), amount(12_345, "€"), amount(940, "")
    ('$1.2M', '€12k', '940')
    """
    for size, letter in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            scaled = value / size
            digits = 1 if abs(scaled) < 10 else 0
            return f"{currency}{scaled:.{digits}f}{letter}"
    return f"{currency}{value:,.0f}"


def run_all(bench: Bench) -> Done:
    """Every step: all tabs of the team's own workbook."""
    desk = desk_of(bench)
    return everything(desk, work(desk))


def everything(desk: Desk, worked: Worked, said: str = "", shown: str = names.SUMMARY) -> Done:
    """Writes all tabs and shows one of them."""
    wrote = write(desk, worked, None, COUNTED_STEPS)
    return Done(wrote.sheet_of(shown), said=said, undo=wrote.changed)


def one_pagers(bench: Bench) -> Done:
    """One page a chosen segment, or what to do where none is chosen."""
    desk = desk_of(bench)
    worked = work(desk)
    tabs = tabs_of("one_pagers", worked.findings)
    if tabs:
        return written(desk, worked, tabs)
    said = (
        "No segment is chosen yet, so there is no page to write. Answer TAM scoring and press Rank, or choose "
        "segments on Decision."
    )
    return written(desk, worked, (names.PRIORITIES,), said=said)


def undo_last_run(bench: Bench) -> Done:
    """Puts our tabs back as they stood before the last run; pressed again, forth again."""
    undone = live.undo(bench.book, bench.say)
    if undone is None:
        return Done(said="There is nothing to undo: no run of ours has changed this workbook.")
    if undone.lost:
        lost = words.listing([f"'{name}'" for name in undone.lost])
        return Done(
            said=f"Our tabs are back as they stood, but for {lost}: press Run all to write them anew."
        )
    return Done(
        said="Our tabs are back as they stood before the last run. Press again to undo that."
    )
