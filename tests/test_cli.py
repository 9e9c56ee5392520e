import csv
import json
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from mapseg_xl.cli import main

ROOT = Path(__file__).parent.parent

TABLES = (
    *("volume", "hypotheses", "performance", "survival", "cohort_retention", "cohort_value"),
    *("what_if", "priorities", "data_health", "match_report"),
)


@pytest.fixture
def crm(tmp_path):
    path = tmp_path / "crm.csv"
    lines = ["customer_id,industry,employees,created_on,converted_on,churned_on,mrr"]
    for i in range(240):
        won = f"2025-02-{i % 27 + 1:02d}" if i % 3 else ""
        left = "2025-06-15" if won and i % 5 == 0 else ""
        price = 20 + i % 60 if won else ""
        industry = ("Agency", "Retail", "Software")[i % 4 % 3]
        lines.append(f"C{i},{industry},{i % 90},2025-01-{i % 28 + 1:02d},{won},{left},{price}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(capsys, *arguments: object) -> tuple[int, str, str]:
    code = main([str(a) for a in arguments])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def test_a_run_writes_the_workbook_beside_its_source_and_leaves_the_source_alone(crm, capsys):
    before = crm.read_bytes()
    code, out, _ = run(capsys, "run", crm)
    made = crm.with_name("crm-segmentation.xlsx")
    assert code == 0
    assert str(made) in out
    assert crm.read_bytes() == before
    tabs = openpyxl.load_workbook(made).sheetnames
    assert tabs[:2] == ["Summary", "Performance"]
    assert {"Priorities", "What if", "Data health", "Cohorts", "Definitions"} <= set(tabs)


def test_a_run_with_tables_writes_every_table(crm, tmp_path, capsys):
    tables = tmp_path / "tables"
    own = "Big ones: employees >= 60"
    code, _, _ = run(
        capsys, "run", crm, "--tables", tables, "--segment", own, "--as-of", "2025-06-30"
    )
    assert code == 0
    names = {p.name for p in tables.iterdir()}
    assert names == {"run.json", *(f"{name}.csv" for name in TABLES)}
    record = json.loads((tables / "run.json").read_text(encoding="utf-8"))
    assert record["as_of"] == "2025-06-30"
    with (tables / "performance.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"ALL", "my segments"} <= {r["segmentation"] for r in rows}
    assert {r["segment"] for r in rows if r["segmentation"] == "my segments"} == {"Big ones"}


def test_the_same_run_twice_gives_the_same_bytes(crm, tmp_path, capsys):
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for out in (first, second):
        assert run(capsys, "run", crm, "--out", out)[0] == 0
    assert first.read_bytes() == second.read_bytes()


def test_a_file_that_is_not_ours_is_never_overwritten(crm, tmp_path, capsys):
    theirs = tmp_path / "theirs.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "dear diary"
    book.save(theirs)
    before = theirs.read_bytes()
    code, out, err = run(capsys, "run", crm, "--out", theirs)
    assert (code, out) == (1, "")
    assert "theirs.xlsx" in err
    assert err.count("\n") == 1
    assert theirs.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--map", "revenue_monthly=MRX"], "mrr"),
        (["--map", "revenu=mrr"], "revenue"),
        (["--segment-by", "industri"], "industry"),
        (["--segment", "Agencies: industry = 'Agencie'"], "Agency"),
        (["--segment", "employees >= 3"], "NAME: RULE"),
        (["--settings", "absent.toml"], "absent.toml"),
        (["--out", "here.pdf"], ".xlsx"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_that_says_what_to_do(crm, capsys, arguments, said):
    code, out, err = run(capsys, "run", crm, *arguments)
    assert (code, out) == (1, "")
    assert said in err
    assert err.startswith("mapseg: ")
    assert "Traceback" not in err
    assert not crm.with_name("crm-segmentation.xlsx").exists()


def test_tables_that_cannot_be_written_are_said_in_a_sentence(crm, tmp_path, capsys):
    taken = tmp_path / "taken"
    taken.write_text("a file", encoding="utf-8")
    code, _, err = run(capsys, "run", crm, "--tables", taken)
    assert code == 1
    assert "is a file" in err
    assert not crm.with_name("crm-segmentation.xlsx").exists()
    code, _, err = run(capsys, "run", crm, "--tables", taken / "below")
    assert code == 1
    assert "cannot be written" in err


@pytest.mark.parametrize("name", ["nothing.xlsx", "folder", "text.xlsx", "empty.csv"])
def test_sources_that_cannot_be_read_end_in_a_sentence(tmp_path, capsys, name):
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.xlsx").write_text("not a workbook", encoding="utf-8")
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    code, _, err = run(capsys, "run", tmp_path / name)
    assert code == 1
    assert name in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [[], ["run"], ["run", "x.csv", "--nonsense"], ["run", "x.csv", "--window", "soon"], ["fly"]],
)
def test_misuse_ends_with_two(arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_check_lists_problems_by_cell(tmp_path, capsys):
    path = tmp_path / "crm.csv"
    path.write_text(
        "customer_id,industry,created_on,mrr\nA1,Retail,2025-01-03,12\nA2,Retail,31/02/2025,abc\n"
        "A3,Agency,2025-03-14,20\nA4,Agency,2025-04-17,22\n",
        encoding="utf-8",
    )
    code, out, _ = run(capsys, "check", path, "--tables", tmp_path / "t")
    assert code == 0
    assert "C3" in out
    assert "31/02/2025" in out
    assert "D3" in out
    assert (tmp_path / "t" / "data_health.csv").exists()


def test_metrics_lists_the_catalogue(capsys):
    code, out, _ = run(capsys, "metrics")
    assert code == 0
    assert "monthly_churn" in out
    assert "lower is better" in out


def test_help_needs_none_of_the_heavy_libraries():
    code = "import sys, mapseg_xl.cli as c\ntry:\n    c.main(['--help'])\nexcept SystemExit:\n    pass\n"
    code += "print([m for m in ('numpy', 'pandas', 'scipy', 'xlsxwriter') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip().endswith("[]")


def test_a_setting_says_whether_the_day_comes_first(tmp_path, capsys):
    crm, settings = tmp_path / "crm.csv", tmp_path / "mapseg.toml"
    crm.write_text("id,signup date\na,03/04/2025\nb,05/06/2025\n", encoding="utf-8")
    code, _, err = run(capsys, "check", crm)
    assert code == 1
    assert "column signup date" in err
    assert "B2 '03/04/2025'" in err
    assert "day_first = true" in err
    assert "--settings" in err
    settings.write_text("day_first = true\n", encoding="utf-8")
    assert run(capsys, "check", crm, "--settings", settings)[0] == 0
    settings.write_text("day_first = 'yes'\n", encoding="utf-8")
    code, _, err = run(capsys, "check", crm, "--settings", settings)
    assert (code, "write true or false" in err) == (1, True)


def test_settings_are_read_from_a_file(crm, tmp_path, capsys):
    settings = tmp_path / "mapseg.toml"
    settings.write_text("gross_margin = 0.8\nannual_discount = 0.0\n", encoding="utf-8")
    tables = tmp_path / "t"
    assert run(capsys, "run", crm, "--settings", settings, "--tables", tables)[0] == 0
    record = json.loads((tables / "run.json").read_text(encoding="utf-8"))
    assert record["settings"]["gross_margin"] == 0.8
    settings.write_text("gross_margn = 0.8\n", encoding="utf-8")
    code, _, err = run(capsys, "run", crm, "--settings", settings)
    assert code == 1
    assert "Did you mean 'gross_margin'" in err


def test_a_terminal_gets_a_progress_bar_that_leaves_nothing_behind(crm, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    code, out, _ = run(capsys, "run", crm)
    assert code == 0
    assert "Finished workbook" in out


def test_customer_lists_without_a_chosen_segment_leave_the_workbook_to_choose_in(tmp_path, capsys):
    source, lists = tmp_path / "crm.csv", tmp_path / "lists.xlsx"
    rows = (f"C{i},{'AB'[i % 2]},2025-01-{i % 28 + 1:02d},{i // 2 % 2}\n" for i in range(120))
    source.write_text("customer_id,plan,created_on,converted\n" + "".join(rows), "utf-8")
    code, out, _ = run(capsys, "run", source, "--customer-lists", lists)
    assert code == 0
    assert "Customer lists: none, because no segment is chosen yet." in out
    assert source.with_name("crm-segmentation.xlsx").exists()
    assert not lists.exists()
