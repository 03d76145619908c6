# make run     a demo school in your browser
# make test    every check there is
# make bench   measures it: docs/benchmarks (ONLY="fanout queries", SCALE=small)
# make chaos   faults under load, a judge after each (SEED=7 MINUTES=10 ON=sqlite ONLY=disk_full)
# make fuzz    anything over the wire and REST (SEED=7 EXAMPLES=500)
#
# All make their own .venv. Another Python than python3: make PYTHON=python3.12 run

PYTHON ?= python3
# Processes that share the tests; each starts services of its own.
WORKERS ?= 4
# Further words for pytest, such as ARGS="-k deadline".
ARGS ?=
# Which benchmarks, all when empty; small: a minute each, full: those the docs tell of.
ONLY ?=
SCALE ?= full
# Chaos and fuzz: drawn and told when empty.
SEED ?=
MINUTES ?= 10
# What chaos happens to: postgres (two workers, Redis) or sqlite (the embedded default).
ON ?= postgres
# Of each fuzz test; those of REST are one for each operation.
EXAMPLES ?= 300

BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test bench chaos fuzz lint types front fmt unit coverage clean

help:
	@sed -n '1,/^$$/s/^# \{0,1\}//p' Makefile
	@echo "make lint types front unit fmt coverage clean    one thing of it"

run:
	@PYTHON="$(PYTHON)" .ci/venv run
	@exec $(BIN)/monitor demo

test: .made-for-test
	@.ci/prepare chromium
	@$(MAKE) --no-print-directory lint types front unit

bench: .made-for-test
	$(BIN)/python -m tests.benchmarks --scale $(SCALE) $(ONLY)

chaos: .made-for-test
	$(BIN)/python -m tests.chaos --minutes $(MINUTES) --arrangement $(ON) --only "$(ONLY)" $(if $(SEED),--seed $(SEED))

fuzz: .made-for-test
	MONITOR_FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/pytest tests/fuzz -o timeout=0 $(if $(SEED),--hypothesis-seed=$(SEED)) $(ARGS)

lint: .made-for-test
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .made-for-test
	$(BIN)/mypy

front:
	.ci/front

unit: .made-for-test
	$(BIN)/pytest -n $(WORKERS) $(ARGS)

fmt: .made-for-test
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

coverage: .made-for-test
	$(BIN)/pytest -n $(WORKERS) --cov --cov-report=term $(ARGS)

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage .coverage.* build dist

# Not a file: .ci/venv knows by itself whether there is anything to do.
.PHONY: .made-for-test
.made-for-test:
	@PYTHON="$(PYTHON)" .ci/venv test
