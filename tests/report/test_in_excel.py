"""Every sentence that names an option of the command line has words for somebody at the ribbon."""

import ast
import re
from pathlib import Path

import pytest

from mapseg_xl.report.in_excel import in_excel, told_in_excel
from mapseg_xl.report.report import build_report
from mapseg_xl.report.subset import rebuilt
from tests.report.tabs.sample import trials

PACKAGE = Path(__file__).parents[2] / "mapseg_xl"
CORE = ("intake", "measure", "analyze", "prioritize", "rollout", "tally", "metrics", "report")
OPTION = re.compile(r"--[a-z]")
# Said only of files and of --on, which no button has; the last two are parts of a sentence tested below.
NEVER_IN_EXCEL = ("--on x=x: x", "--segment-by ", "--map x=")


def sentences():
    """The texts in the core that name an option, with `x` for what is filled in."""
    for part in CORE:
        for path in sorted((PACKAGE / part).rglob("*.py")):
            if path.name == "in_excel.py":
                continue
            tree = ast.parse(path.read_text("utf-8"))
            inside = {
                id(v) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for v in n.values
            }
            docs = {
                id(n.body[0].value)
                for n in ast.walk(tree)
                if isinstance(n, ast.Module | ast.FunctionDef | ast.ClassDef)
                and n.body
                and isinstance(n.body[0], ast.Expr)
            }
            for node in ast.walk(tree):
                if isinstance(node, ast.JoinedStr):
                    text = "".join(
                        str(v.value) if isinstance(v, ast.Constant) else "x" for v in node.values
                    )
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    text = "" if id(node) in inside | docs else node.value
                else:
                    continue
                if OPTION.search(text):
                    yield pytest.param(text, id=f"{path.stem}:{node.lineno}")


@pytest.mark.parametrize("text", list(sentences()))
def test_no_option_is_left_in_a_sentence(text):
    if "Leave --sheet out" not in text and text not in NEVER_IN_EXCEL:
        assert not OPTION.search(in_excel(text)), in_excel(text)


def test_a_column_that_was_not_found_is_looked_for_on_settings():
    said = in_excel(
        "CRM has no column 'MR'. Did you mean 'MRR' (C1)? Say so with --map revenue_monthly=MRR."
    )
    assert said.endswith("Say so on the tab Settings.")


def test_a_sentence_without_an_option_stays_as_it_is():
    assert in_excel("Customers C17: 'n/a' – a date – cannot be read.") == (
        "Customers C17: 'n/a' – a date – cannot be read."
    )


def test_no_tab_of_the_team_names_an_option():
    found = []

    def look(value):
        if isinstance(value, str) and OPTION.search(value):
            found.append(value)
        return value

    rebuilt(told_in_excel(build_report(trials(), home=True)).tabs, look)
    assert not found
