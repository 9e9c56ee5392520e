"""Settings of the whole suite, and closing lines that say what could not be tested here and why."""

from collections import Counter

from hypothesis import settings

from tests.calc.fixtures import calc_app, calc_book, calc_office, calc_session

__all__ = ["calc_app", "calc_book", "calc_office", "calc_session"]

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    for reason, count in reasons.items():
        tests = "1 test" if count == 1 else f"{count} tests"
        terminalreporter.write_line(f"NOT TESTED HERE ({tests}): {reason}", yellow=True)
