"""Rewrites the parts of README.md that the code knows better: `python docs/generate.py [--check]`."""

import sys
from pathlib import Path

from mapseg_xl.metrics.catalog import METRICS

README = Path(__file__).parent.parent / "README.md"
START = "<!-- metrics: written by `python docs/generate.py` -->\n"
END = "<!-- end of metrics -->"


def metrics_table() -> str:
    """The catalogue as a Markdown table."""
    lines = ["| figure | id | what it says | it needs |", "|---|---|---|---|"]
    lines += [f"| {m.plain_title} | `{m.id}` | {m.definition} | {m.needs} |" for m in METRICS]
    return "\n".join(lines) + "\n"


def generated(text: str) -> str:
    """The README with its generated part up to date."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return before + START + metrics_table() + END + after


def main() -> None:
    text = README.read_text(encoding="utf-8")
    wanted = generated(text)
    if "--check" in sys.argv[1:]:
        sys.exit(0 if text == wanted else "README.md is out of date: run python docs/generate.py")
    README.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    main()
