from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.report.layout.lettering import headline_rows, width_px, wrap

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=300
)


@given(words)
def test_a_headline_loses_nothing_but_spaces_and_keeps_to_70_characters(text):
    rows = headline_rows(text)
    assert "".join("".join(rows).split()) == "".join(text.split())
    assert all(len(row) <= 70 for row in rows)


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=13))
def test_up_to_139_characters_of_short_words_take_at_most_two_rows(parts):
    text = " ".join(parts)
    assert len(headline_rows(text)) <= (2 if len(text) <= 130 else 3)


@given(words, st.integers(40, 400))
def test_wrapped_lines_fit_and_lose_nothing(text, width):
    lines = wrap(text, width, 10)
    assert all(width_px(line, 10) <= width or len(line) == 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_headline_is_cut_after_its_semicolon():
    text = (
        "Enterprise pays the most of all; but it leaves sooner than everyone else does in the base."
    )
    assert headline_rows(text)[0] == "Enterprise pays the most of all;"


def test_wide_letters_are_as_wide_as_high():
    assert width_px("日本", 12) == 2 * 16


def test_a_headline_is_not_cut_inside_a_name():
    text = "24 months on, nine in ten customers of “Dependents: 1” are still here; of “Partner: 0”, two in three."
    first, second = headline_rows(text)
    assert first.endswith("are still here;")
    assert second.startswith("of “Partner: 0”")
