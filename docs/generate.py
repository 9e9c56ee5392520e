"""Rewrites what the code knows better, in README.md and docs/functions.md: `python docs/generate.py [--check]`."""

import sys
from pathlib import Path

from mapseg_xl.excel.catalog import FUNCTIONS
from mapseg_xl.excel.template.function_list import page
from mapseg_xl.metrics.catalog import METRICS

DOCS = Path(__file__).parent
README = DOCS.parent / "README.md"
FUNCTIONS_PAGE = DOCS / "functions.md"
START = "<!-- {}: written by `python docs/generate.py` -->\n"
END = "<!-- end of {} -->"


def metrics_table() -> str:
    """The catalogue as a Markdown table."""
    lines = ["| figure | id | what it says | it needs |", "|---|---|---|---|"]
    lines += [f"| {m.plain_title} | `{m.id}` | {m.definition} | {m.needs} |" for m in METRICS]
    return "\n".join(lines) + "\n"


def generated(text: str, part: str, made: str) -> str:
    """A page with its generated part up to date."""
    before, _, rest = text.partition(START.format(part))
    _, _, after = rest.partition(END.format(part))
    return before + START.format(part) + made + END.format(part) + after


def main() -> None:
    pages = {README: ("metrics", metrics_table()), FUNCTIONS_PAGE: ("functions", page(FUNCTIONS))}
    for path, (part, made) in pages.items():
        text = path.read_text(encoding="utf-8")
        wanted = generated(text, part, made)
        if "--check" not in sys.argv[1:]:
            path.write_text(wanted, encoding="utf-8")
        elif text != wanted:
            sys.exit(f"{path.name} is out of date: run python docs/generate.py")


if __name__ == "__main__":
    main()
