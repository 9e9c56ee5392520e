"""The ribbon's buttons: what each is called, says and writes. Its XML, VBA and actions are tested against it."""

from __future__ import annotations

from dataclasses import dataclass

from mapseg_xl.report.parts import names


@dataclass(frozen=True, slots=True)
class Button:
    """A button. `id` is the name of its action in Python; `macro` the name of its VBA Sub.

    `tabs`: the tabs it writes. `profile` stands for the tabs of all chosen segments.
    """

    id: str
    label: str
    screentip: str
    tabs: tuple[str, ...] = ()

    @property
    def macro(self) -> str:
        """The VBA Sub: `add_files` -> `MapsegAddFiles`."""
        return "Mapseg" + "".join(part.capitalize() for part in self.id.split("_"))


@dataclass(frozen=True, slots=True)
class Group:
    """A group of the ribbon, left to right."""

    id: str
    label: str
    buttons: tuple[Button, ...]


PROFILES = "profile"

GROUPS: tuple[Group, ...] = (
    Group(
        "set_up",
        "Set up",
        (
            Button(
                "add_files",
                "Add files",
                "Brings in exports, IDs and dates intact. One sheet per file.",
            ),
            Button(
                "combine",
                "Combine",
                "One row per customer. Writes Customers and Match report. Your sheets stay unchanged.",
                (names.CUSTOMERS, names.MATCH_REPORT),
            ),
            Button(
                "confirm_columns",
                "Confirm columns",
                "Shows how columns were read. Change it on Settings.",
                (names.SETTINGS,),
            ),
            Button(
                "check_data",
                "Check data",
                "Lists problems by cell. Writes Data health.",
                (names.DATA_HEALTH, names.MAPPING),
            ),
        ),
    ),
    Group(
        "measure",
        "Measure",
        (
            Button(
                "count_customers",
                "Count customers",
                "Who do we have a lot of? Writes Volume and Cluster pivot.",
                (names.VOLUME, names.CLUSTER_PIVOT),
            ),
            Button(
                "suggest_segments",
                "Suggest segments",
                "Proposes three to five. Writes Hypotheses.",
                (names.HYPOTHESES,),
            ),
            Button(
                "my_segments",
                "My segments",
                "Add the ones your team believes in.",
                (names.MY_SEGMENTS,),
            ),
        ),
    ),
    Group(
        "analyze",
        "Analyze",
        (
            Button(
                "compare",
                "Compare",
                "Who converts, pays, stays, at what cost? Writes Performance, Cohorts, Survival & LTV.",
                (names.PERFORMANCE, names.COHORTS, names.SURVIVAL),
            ),
            Button(
                "what_if", "What if", "The effect of winning more of one segment.", (names.WHAT_IF,)
            ),
            Button(
                "objections",
                "Objections",
                "Without big accounts; by channel, rep, year.",
                (names.OBJECTIONS,),
            ),
        ),
    ),
    Group(
        "prioritize",
        "Prioritize",
        (
            Button(
                "tam_scoring", "TAM scoring", "Five answers per candidate.", (names.TAM_SCORING,)
            ),
            Button(
                "rank",
                "Rank",
                "Orders segments, with reasons. Writes Priorities.",
                (names.PRIORITIES,),
            ),
            Button(
                "record_decision",
                "Record decision",
                "Freezes segments with names and date.",
                (names.DECISION,),
            ),
        ),
    ),
    Group(
        "share",
        "Share",
        (
            Button(
                "one_pagers",
                "One-pagers",
                "One printable page per chosen segment.",
                (PROFILES,),
            ),
            Button("slides", "Slides", "Saves PowerPoint. No customer rows."),
            Button("export", "Export", "A copy needing no add-in. No personal data."),
            Button(
                "roll_out",
                "Roll-out",
                "Voice of customer, plan and tracker by team.",
                (names.VOICE, names.ROLLOUT),
            ),
            Button("customer_lists", "Customer lists", "Saved separately. Contains names."),
        ),
    ),
    Group(
        "run",
        "Run",
        (
            Button("run_all", "Run all", "Every step. Typed cells are kept."),
            Button(
                "refresh",
                "Refresh",
                "Reruns on new data; decided segments stay. Writes What changed.",
                (names.WHAT_CHANGED,),
            ),
            Button("undo_last_run", "Undo last run", "Puts our tabs back."),
        ),
    ),
    Group(
        "help",
        "Help",
        (
            Button("try_the_sample", "Try the sample", "Opens a finished example."),
            Button("functions", "Functions", "Every formula, with examples."),
            Button(
                "check_installation",
                "Check installation",
                "Tests this computer; says what to fix.",
            ),
        ),
    ),
)

BUTTONS: dict[str, Button] = {button.id: button for group in GROUPS for button in group.buttons}
