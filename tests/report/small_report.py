"""A report of two tabs with inputs and a keyed table, for tests of identity and of hosts."""

from mapseg_xl.report.spec import Column, Formula, Input, Report, Row, Section, Tab, Table

COLUMNS = (
    Column("segment", "Segment", 0, "label"),
    Column("n", "Customers", 1, "count"),
    Column("half", "Half", 2, "count"),
    Column("note", "Your note", 5, "input"),
)


def row(key, name, n, note="", look="body"):
    """A row with a figure, a formula and an input for words."""
    half = Formula("{n}/2", n / 2)
    return Row(key, {"segment": name, "n": n, "half": half, "note": Input(note, "text")}, look)


def report(*rows, margin=0.25, extra=(), memory=None, keyed=True):
    """The report; `rows` are those of the keyed table."""
    settings = Table(
        "settings",
        (Column("what", "Setting", 0, "label"), Column("value", "Value", 1, "input")),
        (
            Row("margin", {"what": "Margin", "value": Input(margin, "share", low=0, high=1)}),
            Row("who", {"what": "Who", "value": Input("Ann", "choice", choices=("Ann", "Bob"))}),
        ),
    )
    return Report(
        tabs=(
            Tab("Volume", "MEASURE", "Big is biggest", "of all", (
                Section("Segments", (Table("segments", COLUMNS, tuple(rows), keyed=keyed),)), *extra,
            )),
            Tab("Definitions", "TRUST", "What is what", "", (Section("Settings", (settings,)),)),
        ),
        title="Test", footer="Test", right_header="", memory=memory or {},
    )  # fmt: skip


BIG, SMALL, TINY = row("big-1", "Big", 30), row("small-2", "Small", 20), row("tiny-3", "Tiny", 4)
TOTAL = row("ALL", "All", 50, look="total")
