"""Names of the tabs and of the tables other tabs refer to. Every cell of the report is found by these."""

SUMMARY = "Summary"
PERFORMANCE = "Performance"
DATA_HEALTH = "Data health"
VOLUME = "Volume"
SURVIVAL = "Survival & LTV"
TAM_SCORING = "TAM scoring"
PRIORITIES = "Priorities"
WHAT_IF = "What if"
VOICE = "Voice of customer"
ROLLOUT = "Rollout"
DECISION = "Decision"
CLUSTER_PIVOT = "Cluster pivot"
HYPOTHESES = "Hypotheses"
COHORTS = "Cohorts"
OBJECTIONS = "Objections"
DEFINITIONS = "Definitions"

# tabs of the team's own workbook, not of an export
START = "Start here"
SETTINGS = "Settings"
MY_SEGMENTS = "My segments"
CUSTOMERS = "Customers"
MATCH_REPORT = "Match report"
MAPPING = "Mapping"
WHAT_CHANGED = "What changed"
FUNCTIONS = "Functions"

FIGURES = "figures"  # Survival & LTV: a row a segment; owns lifetime value
ASSUMPTIONS = "assumptions"  # Survival & LTV: inputs, row keys are settings
VALUE = "value"
BASE = "ALL"  # row key of the whole base


def profile(letter: str) -> str:
    """The tab of a chosen segment."""
    return f"Profile {letter}"


def more(table: str) -> str:
    """The table of the segments that have no place beside the panel."""
    return f"{table}.more"
