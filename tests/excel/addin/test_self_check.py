"""The self-check: what it says of a spreadsheet program that does well, and of one that does not."""

from types import SimpleNamespace

import pytest

from mapseg_xl.excel.addin import self_check
from mapseg_xl.excel.addin.doctor import NOTE, OK, PROBLEM
from mapseg_xl.excel.addin.self_check import facts, probes
from tests.excel.addin.machines import machine

TOLD = {
    "EXCEL": "16.0",
    "BITS": "64",
    "SYSTEM": "Windows",
    "HEARS_EVENTS": "True",
}


@pytest.mark.office
def test_a_real_spreadsheet_keeps_texts_and_draws_a_tab(calc_book):
    found = {f.subject: f for f in probes(calc_book, with_functions=False)}
    assert found["Text stays text"].state == OK, found
    assert found["A tab of ours"].state in (OK, NOTE), found


@pytest.mark.office
def test_functions_that_are_not_there_are_a_problem_that_says_what_to_do(calc_book):
    found = {f.subject: f for f in probes(calc_book, with_functions=True)}
    assert found["Cell functions"].state == PROBLEM
    assert found["Cell functions"].do
    assert found["Functions a workbook carries"].state != OK  # LibreOffice has no LAMBDA


@pytest.mark.office
def test_a_program_that_computes_texts_is_found_out(calc_book, monkeypatch):
    monkeypatch.setattr(self_check, "_LIKE_FORMULAS", ("=1+1",))
    sheet = calc_book.sheets[0]

    class Careless:
        """Writes without the apostrophe."""

        sheets = (type("Sheet", (), {"range": lambda _, address: Range(sheet.range(address))})(),)

    class Range:
        def __init__(self, real):
            self.real = real

        def __setattr__(self, name, value):
            if name == "raw_value":
                self.real.raw_value = [[text.lstrip("'") for text in row] for row in value]
            else:
                super().__setattr__(name, value)

        def options(self, **how):
            return self.real.options(**how)

    finding = self_check.text_stays_text(Careless())
    assert finding.state == PROBLEM
    assert "=1+1 became 2" in finding.said


@pytest.mark.parametrize(("names", "state"), [(("SEG_CONVERSION",), OK), ((), NOTE)])
def test_a_long_function_that_excel_refuses_is_named(names, state):
    cell = SimpleNamespace(value=0.75, formula="")
    sheet = SimpleNamespace(range=lambda _: cell)
    finding = self_check.carried_functions(SimpleNamespace(sheets=[sheet], names=names))
    assert finding.state == state
    assert ("SEG_CONVERSION" in finding.said) == (state == NOTE)


def test_what_excel_refuses_is_a_finding_with_its_reason():
    found = probes(None, with_functions=True)
    assert {f.state for f in found} == {PROBLEM}
    assert all(f.said and f.do for f in found)


def test_what_vba_says_is_held_against_the_installation(tmp_path):
    here = machine(tmp_path, "windows")
    same = str(here.startup_folder).replace("/", "\\") + "\\"
    assert [f.state for f in facts({**TOLD, "STARTUP": same}, here)] == [OK]
    other = facts({**TOLD, "STARTUP": "D:\\XLSTART"}, here)
    assert [f.subject for f in other if f.state == NOTE] == ["Start-up folder"]
    deaf = facts({**TOLD, "HEARS_EVENTS": "False"}, here)
    assert [f.subject for f in deaf if f.state == PROBLEM] == ["Changed cells"]
    assert facts({}, here) == ()
