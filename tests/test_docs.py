import subprocess
import sys
from pathlib import Path

from mapseg_xl import __version__
from mapseg_xl.cli import parser
from mapseg_xl.metrics.catalog import METRICS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_tables_of_the_readme_are_what_the_catalogue_says():
    check = [sys.executable, str(ROOT / "docs" / "generate.py"), "--check"]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_option_of_run_is_in_the_readme():
    run = parser()._subparsers._group_actions[0].choices["run"]
    options = {o for action in run._actions for o in action.option_strings if o.startswith("--")}
    missing = [o for o in options - {"--help"} if o not in README]
    assert not missing


def test_every_command_is_in_the_readme():
    for command in parser()._subparsers._group_actions[0].choices:
        assert f"mapseg {command}" in README


def test_the_change_log_names_the_version():
    assert f"## {__version__} (" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_metric_says_in_full_what_it_is():
    for metric in METRICS:
        for text in (metric.title, metric.plain_title, metric.needs, metric.formula, metric.source):
            assert text
        assert metric.definition.endswith(".")
        assert len(metric.definition) <= 255
        assert metric.unit in ("share", "money", "months", "days", "count", "ratio")
        assert metric.direction in ("good_high", "good_low")
        assert (metric.compare is None) == bool(metric.untested)


def test_metric_ids_are_unique():
    assert len({m.id for m in METRICS}) == len(METRICS)


def test_relative_links_of_the_readme_lead_somewhere():
    import re

    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if "://" not in target:
            assert (ROOT / target).exists(), target
