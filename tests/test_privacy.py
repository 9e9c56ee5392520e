"""Nothing of persons in what a run hands on, unless it was asked for; a base whose names nobody else has."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from mapseg_xl.cli import main
from tests.outputs import KINDS, QUICK, parts_as_in, parts_of_sheets, texts, written

FIRST = ("Quastel", "Wendeline", "Zephyrin", "Ysolde", "Xaverius", "Thaddea")
LAST = ("Okonjimbo", "Vanterpool", "Szczepan", "Habsheim", "Quillfeather", "Drummondy")
HEAD = (
    "customer_id", "email", "contact_name", "phone", "street", "company", "industry", "referred by",
    "created_on", "converted_on", "mrr", "notes",
)  # fmt: skip
ROWS_BY_NAME = ("merged", "merged csv")  # rows of customers are what a merge is asked for

AT_HOME = ("in place", "again in place", "into")
ASKED_ABOUT = ("Match report", "_mapseg")  # the team is asked who is who, in its own workbook


def person(i: int) -> tuple[str, str, str, str]:
    rng = random.Random(i)
    name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    mail = f"{name.lower().replace(' ', '.')}{i}@people{i % 40}.example"
    return mail, name, f"+49 30 55{i:06d}", f"Klabautersteig {i}"


def customers() -> list[tuple]:
    rows = []
    for i in range(260):
        mail, name, phone, street = person(i)
        start = date(2025, 1, 1) + timedelta(days=i)
        won = i % 3 == 0
        shown = (
            mail.replace("@", " at ") if i % 31 == 0 else person(i - 1)[0] if i % 29 == 5 else mail
        )
        rows.append(
            (
                f"C{i}" if i % 50 else mail,
                shown,
                name,
                phone,
                street,
                f"People {i % 40} Ltd",
                ("Dental", "Legal", "Retail")[i % 3 if i % 5 else 0],
                person(i % 3)[0] if i % 2 else person(i % 4)[1] + f" <{person(i % 4)[0]}>",
                start,
                start + timedelta(days=9) if won else ("31/02/2025" if i % 40 == 1 else None),
                40 + i % 60 if won else None,
                f"ask {name}, {phone}" if i % 4 else f"wrote from {mail}",
            )
        )
    return rows


def base(folder: Path) -> list[Path]:
    """Customers and what some of them said; invoices that name them by address."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Customers"
    for row in (HEAD, *customers()):
        sheet.append(row)
    said = book.create_sheet("Feedback")
    said.append(["Date", "Team", "Segment", "Customer e-mail", "Quote", "Theme"])
    for i in range(12):
        mail, _, phone, _ = person(i)
        quote = f"Too slow. Write to {mail} or call {phone}"
        said.append([date(2025, 6, 1 + i), "Support", "Dental", mail, quote, "Speed"])
    book.save(folder / "team.xlsx")
    lines = ["invoice,customer email,amount,paid on"]
    lines += [f"R{i},{person(i)[0]},{20 + i},2025-11-{1 + i % 28:02d}" for i in range(0, 260, 2)]
    lines += [f"R9{i},{person(900 + i)[0]},15,2025-11-02" for i in range(5)]  # nobody's
    (folder / "billing.csv").write_text("\n".join(lines), encoding="utf-8")
    return [folder / "team.xlsx", folder / "billing.csv"]


def secrets() -> dict[str, str]:
    """What must be nowhere, with what it is."""
    found = {}
    for i in (*range(260), *range(900, 905)):
        for value, what in zip(person(i), ("mail", "name", "phone", "street"), strict=True):
            found[value] = what
            if what == "mail":
                found[value.replace("@", " at ")] = "malformed mail"
    return found


SECRETS = secrets()


@pytest.fixture(scope="module")
def team(tmp_path_factory):
    return base(tmp_path_factory.mktemp("team"))


@pytest.fixture(scope="module")
def outputs(tmp_path_factory, team):
    return written(team, tmp_path_factory.mktemp("outputs"))


def leaks(path: Path, without: frozenset[str] = frozenset()) -> list[tuple[str, str, str]]:
    return [
        (part, what, value)
        for part, text in texts(path, without)
        for value, what in SECRETS.items()
        if value in text
    ]


@pytest.mark.parametrize("kind", [k for k in KINDS if k not in ROWS_BY_NAME])
def test_nothing_of_persons_is_in_what_a_run_writes(outputs, team, kind):
    for path in outputs[kind]:
        theirs: frozenset[str] = frozenset()
        if kind in AT_HOME:
            theirs = parts_as_in(path, team[0]) | parts_of_sheets(path, ASKED_ABOUT)
        found = leaks(path, theirs)
        assert not found, (len(found), found[:5])


@pytest.mark.parametrize("kind", ROWS_BY_NAME)
def test_a_merge_keeps_the_rows_as_they_are(outputs, kind):
    (path,) = outputs[kind]
    assert any(person(3)[0] in text for _, text in texts(path))


def test_addresses_are_shown_where_they_were_asked_for(tmp_path, team):
    quick = tmp_path / "quick.toml"
    quick.write_text(QUICK, encoding="utf-8")
    tables = tmp_path / "tables"
    asked = ["--tables", str(tables), "--settings", str(quick), "--include-email"]
    assert main(["run", *map(str, team), "--out", str(tmp_path / "o.xlsx"), *asked]) == 0
    health = (tables / "data_health.csv").read_text("utf-8-sig")
    assert any(value in health for value, what in SECRETS.items() if what == "malformed mail")
    assert any(what == "mail" for _, what, _ in leaks(tmp_path / "o.xlsx"))


def test_the_finished_workbook_says_that_addresses_are_left_out(outputs):
    """Once, on Data health."""
    (path,) = outputs["finished"]
    said = [text.count("--include-email") for part, text in texts(path) if "sharedStrings" in part]
    assert sum(said) == 1
