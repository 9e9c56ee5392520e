"""What VBA and Python tell each other: nothing a user types can become code or another line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.excel.actions.button_request import Answer, ButtonRequest, decoded, encoded


@given(st.text())
def test_any_text_comes_back(text):
    assert decoded(encoded(text)) == text


@given(st.text())
def test_only_digits_travel(text):
    assert set(encoded(text)) <= set("0123456789ABCDEF")


def test_a_request_names_the_workbook_and_every_file():
    lines = "BOOK=Team = 1.xlsx\nHOST=mapseg.xlam\nWINDOW=4242\nSTOP=/tmp/stop\nFILE=/a/ä'b.csv\nFILE=/c.csv\n"
    request = ButtonRequest.read(encoded(lines))
    assert request.book == "Team = 1.xlsx"
    assert request.window == 4242
    assert request.stop == Path("/tmp/stop")  # noqa: S108
    assert request.files == (Path("/a/ä'b.csv"), Path("/c.csv"))
    assert request.save is None


def test_an_empty_request_is_one_without_a_workbook():
    assert ButtonRequest.read("") == ButtonRequest()
    assert ButtonRequest.read(encoded("BOOK=\nWINDOW=\n")).book == ""


def test_what_is_said_of_the_computer_is_kept():
    request = ButtonRequest.read(encoded("BOOK=b\nEXCEL=16.0\nBITS=64\n"))
    assert request.facts == {"EXCEL": "16.0", "BITS": "64"}


def test_what_is_no_request_is_refused():
    with pytest.raises(ValueError, match="non-hexadecimal"):
        ButtonRequest.read("import os")


def test_the_lines_of_a_message_stay_one_value():
    text = decoded(Answer("one\ntwo\r\nthree", undo=True).digits)
    assert text == "MESSAGE=one\rtwo\rthree\nUNDO=1\n"


def test_nothing_to_say_is_no_line():
    assert Answer().digits == ""
