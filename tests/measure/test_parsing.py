import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapseg_xl.errors import InputError
from mapseg_xl.measure.parsing import parse_rule
from mapseg_xl.measure.rules import Condition, Rule

NAMES = st.text(min_size=1).filter(lambda t: t.strip())
SIGNS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
CONDITIONS = st.one_of(
    st.builds(lambda c, o, v: Condition(c, o, (v,)), NAMES, SIGNS, st.text()),
    st.builds(lambda c, v: Condition(c, "in", tuple(v)), NAMES, st.lists(st.text(), min_size=1)),
    st.builds(lambda c, v: Condition(c, "between", (v, v)), NAMES, st.text()),
    st.builds(Condition, NAMES, st.sampled_from(["is blank", "is not blank"])),
)
RULES = st.builds(lambda c: Rule(tuple(c)), st.lists(CONDITIONS, min_size=1, max_size=4))


@given(RULES)
def test_a_printed_rule_is_read_back_as_it_was(rule):
    assert parse_rule(str(rule)) == rule


@given(st.text(alphabet="ab '\"[]()=<>!,and in is between not blank:0129-"))
def test_any_text_is_a_rule_that_can_be_printed_or_an_input_error(text):
    try:
        rule = parse_rule(text)
    except InputError:
        return
    assert parse_rule(str(rule)) == rule


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("employees>=1000", "employees >= 1000"),
        ("employees >= 1000 AND country = US", "employees >= 1000 and country = 'US'"),
        ("Company size = small", "\"Company size\" = 'small'"),
        ('"Company size" between 10 and 50', '"Company size" between 10 and 50'),
        ("[Company size] is blank", '"Company size" is blank'),
        ("name = 'O''Brien'", "name = 'O''Brien'"),
        ("name = O'Brien", "name = 'O''Brien'"),
        ("industry = Real estate and size < 5", "industry = 'Real estate' and size < 5"),
        ("country in (US, 'CA', \"Ivory Coast\")", "country in ('US', 'CA', 'Ivory Coast')"),
        ("plan != free", "plan <> 'free'"),
        ("price ≤ 9.50", "price <= 9.50"),
        ("signed_on >= 2026-01-31", "signed_on >= 2026-01-31"),
        ("id = 007", "id = '007'"),
        ("industry = (blank)", "industry = '(blank)'"),
        ("industry IS NOT BLANK", "industry is not blank"),
        (
            "name = “Smith’s” and town = ‘Ulm’",
            "name = 'Smith’s' and town = 'Ulm'",
        ),  # as Word types quotes
        ("\"=7771+industry\" = '+7772+1'", "\"=7771+industry\" = '+7772+1'"),
        ("'and' = 1", '"and" = 1'),
        ("q = 'Where, and when?'", "q = 'Where, and when?'"),
    ],
)
def test_reads_what_people_write(text, canonical):
    assert str(parse_rule(text)) == canonical


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "at the end: a column is missing"),
        (
            "employees",
            "at the end: expected =, <>, <, <=, >, >=, in, between or is blank after 'employees'",
        ),
        ("employees >=", "at the end: a value after '>=' is missing"),
        ("= 5", "at '= 5' (character 1): a column is missing"),
        ("a = 1 or b = 2", "at 'or b = 2' (character 7): only 'and' joins conditions"),
        ("a = 1 and", "at the end: a column is missing"),
        ("a = 'open", "at ''open' (character 5): a quote is not closed"),
        ("a in US", "at 'US' (character 6): expected ( after 'in'"),
        ("a in (US, CA", "at the end: expected , or ) in the list"),
        ("a in ()", "at ')' (character 7): a value after '(' is missing"),
        ("a >= 1,000", "at ',000' (character 7): expected 'and' or the end"),
        ("a between 5", "at the end: expected 'and' and a second value"),
        ("a between 9 and 5", "at '9 and 5' (character 11): between 9 and 5 holds nothing"),
        ("a is 5", "at '5' (character 6): expected 'blank' after 'is'"),
        ("(a = 5)", "at '(a = 5)' (character 1): a column is missing"),
        ('"" = 5', "the column's name is empty"),
    ],
)
def test_says_where_a_rule_goes_wrong(text, why):
    with pytest.raises(InputError) as error:
        parse_rule(text)
    assert why in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("employees >= 1000 and country = US", "employees is at least 1,000 and country is US"),
        ("employees < 1500.5", "employees is under 1,500.5"),
        ("country in (US, UK, DE)", "country is US, UK or DE"),
        ("country in (US)", "country is US"),
        ("plan <> free", "plan is not free"),
        ("industry is blank", "industry is empty"),
        ("industry = '(blank)'", "industry is empty"),
        ("industry is not blank", "industry is filled in"),
        ("seats between 10 and 2000", "seats is between 10 and 2,000"),
        ("signed_on >= 2026-01-31", "signed_on is on or after 31 Jan 2026"),
        ("signed_on < 2026-01-31", "signed_on is before 31 Jan 2026"),
        ("founding year > 2015", "founding year is over 2015"),
    ],
)
def test_says_a_rule_in_plain_words(text, words):
    assert parse_rule(text).words() == words
