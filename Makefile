# `make demo` and `make test` work on a fresh clone: each sets up what it needs first.
.PHONY: help finished template demo demo-telco sample test test-newest lint format setup pictures bench clean
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := .venv/bin
DEMO := build/demo/lessonry-segmentation.xlsx
TELCO := build/demo/telco-churn-segmentation.xlsx
TELCO_OPTIONS := --map customer_id=customer_no --map churned=churn --map tenure_months=tenure \
	--map revenue_monthly=monthly_charges --map revenue_total=total_charges

help:
	@echo "make demo      a finished segmentation workbook of the sample team's sheets, into build/demo/"
	@echo "make demo-telco  the same of one plain table, telephone customers without dates"
	@echo "make sample    makes the sample team's workbook again, in examples/"
	@echo "make template  makes workbook_template.xlsm again, from the text it is built of"
	@echo "make test      everything the project checks: lint, types, all tests"
	@echo "make lint      ruff and mypy alone"
	@echo "make format    ruff format"
	@echo "make pictures  the README's pictures, one PNG a printed page, into build/pictures/ (needs LibreOffice)"
	@echo "make bench     speed of a run on 100,000 made-up customers"
	@echo "make clean     removes build/ and .venv/"

demo: .venv/.run
	@mkdir -p build/demo
	@$(BIN)/mapseg run examples/lessonry-team.xlsx --out $(DEMO)
	@echo
	@echo "The finished workbook: $(DEMO)"

demo-telco: .venv/.run
	@mkdir -p build/demo
	@$(BIN)/mapseg run examples/telco/telco-churn.csv --out $(TELCO) $(TELCO_OPTIONS)
	@echo
	@echo "The finished workbook: $(TELCO)"

sample: .venv/.run
	@$(BIN)/python -m examples.make_sample

test: .venv/.dev
	@tools/setup.sh system
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory test-newest
	$(BIN)/python -m pytest -n 2 --dist loadgroup

# lifelines, a test library, holds pandas below 3: what needs no such library runs with the newest ones too.
NEWEST_TESTS := tests/intake tests/tally tests/measure tests/hosts tests/test_cli.py tests/test_telco.py
test-newest: build/.newest
	build/newest/bin/python -m pytest -n 2 -m "not office and not validator and not slow" $(NEWEST_TESTS)

build/.newest: pyproject.toml tools/setup.sh
	@mkdir -p build && tools/setup.sh newest && touch $@

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

setup: .venv/.dev
	@tools/setup.sh system

pictures: .venv/.run
	@mkdir -p build/pictures docs/pictures
	@rm -f build/pictures/lessonry.xlsx
	@$(BIN)/mapseg run examples/lessonry-team.xlsx --out build/pictures/lessonry.xlsx
	@$(BIN)/python docs/pictures.py build/pictures/lessonry.xlsx build/pictures
	@for tab in summary performance priorities what-if; do cp build/pictures/$$tab.png docs/pictures/; done

# The finished workbook that people can open before they install anything.
finished: .venv/.run
	@rm -f examples/lessonry-segmentation.xlsx
	@$(BIN)/mapseg run examples/lessonry-team.xlsx --out examples/lessonry-segmentation.xlsx

# The guided workbook for Excel, built from text; a test compares it with what the build gives.
template: .venv/.run
	@$(BIN)/mapseg addin build --out build/addin
	@cp build/addin/workbook_template.xlsm .

bench: .venv/.run
	$(BIN)/python benchmarks/run_time.py

clean:
	rm -rf build .venv

# Stamps: set-up runs again only when what it installs has changed.
.venv/.run: pyproject.toml tools/setup.sh
	@tools/setup.sh run && touch $@

.venv/.dev: pyproject.toml tools/setup.sh
	@tools/setup.sh dev && touch $@ .venv/.run
