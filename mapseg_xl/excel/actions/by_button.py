"""What each button of the ribbon does: one function a button, by its id. `excel/actions/pressing.py` runs them."""

from __future__ import annotations

from collections.abc import Mapping

from mapseg_xl.excel.actions.combining import combine
from mapseg_xl.excel.actions.deciding import record_decision
from mapseg_xl.excel.actions.file_actions import add_files, refresh
from mapseg_xl.excel.actions.help_actions import check_installation, functions, try_the_sample
from mapseg_xl.excel.actions.sharing import customer_lists, export, slides
from mapseg_xl.excel.actions.step_actions import (
    Action,
    confirm_columns,
    one_pagers,
    run_all,
    step,
    undo_last_run,
)

ACTIONS: Mapping[str, Action] = {
    "add_files": add_files,
    "combine": combine,
    "confirm_columns": confirm_columns,
    "check_data": step("check_data"),
    "count_customers": step("count_customers"),
    "suggest_segments": step("suggest_segments"),
    "my_segments": step("my_segments"),
    "compare": step("compare"),
    "what_if": step("what_if"),
    "objections": step("objections"),
    "tam_scoring": step("tam_scoring"),
    "rank": step("rank"),
    "record_decision": record_decision,
    "one_pagers": one_pagers,
    "slides": slides,
    "export": export,
    "roll_out": step("roll_out"),
    "customer_lists": customer_lists,
    "run_all": run_all,
    "refresh": refresh,
    "undo_last_run": undo_last_run,
    "try_the_sample": try_the_sample,
    "functions": functions,
    "check_installation": check_installation,
}
