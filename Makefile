# One short name for each job; `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup solve test test-long test-all test-keras audit check format challenges pins clean bench-setup bench bench-full bench-ask-setup bench-ask ablation \
        calibration calibration-fit

help: ## list the jobs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMP) ## make .venv with the package and its tools installed

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "blackbox needs Python 3.11 or newer; this is " + sys.version.split()[0] + ": try make PYTHON=python3.12")'
	@if command -v uv >/dev/null 2>&1; then \
	    uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && \
	    uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '.[dev]'; \
	else \
	    $(PYTHON) -m venv $(VENV) && \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'; \
	fi
	@touch $(STAMP)

solve: $(STAMP) ## solve a real challenge
	$(BIN)/python -m blackbox solve challenges/valley/challenge.pkl

test: $(STAMP) ## run the tests
	$(BIN)/python -m pytest -n 2 -m 'not long'

test-long: $(STAMP) ## run the long tests alone
	$(BIN)/python -m pytest -n 2 -m long

test-all: test test-long ## run the tests, the long ones too

test-keras: ## test the Keras optimiser on JAX, in an environment of its own (extra keras, 760 MB)
	@$(PYTHON) -m venv $(VENV)/keras
	@$(VENV)/keras/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt '.[keras]' scikit-learn pytest hypothesis
	KERAS_BACKEND=jax $(VENV)/keras/bin/python -m pytest -rP tests/learn/test_keras.py

audit: $(STAMP) ## prove the exercises: stubs fail, references pass on ten instances, every fault is named
	$(BIN)/python -m pytest -n 2 tests/practice/test_exercise_audit.py

check: $(STAMP) ## formatting, lint, types and the walls between the floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports

format: $(STAMP) ## format the code and mend what lint can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

challenges: $(STAMP) ## rebuild the packed challenges and the folders of the exercises
	$(BIN)/python -m challenges.build
	$(BIN)/python -m challenges.exercises

BENCH_STAMP := $(VENV)/.bench-ready
BENCH_ASK_STAMP := $(VENV)/.bench-ask-ready
GROUP = import sys, tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"][sys.argv[1]])
BENCH = $$($(PYTHON) -c '$(GROUP)' bench)
BENCH_ASK = $$($(PYTHON) -c '$(GROUP)' bench-ask)

bench-setup: $(BENCH_STAMP) ## install the optimisers we are measured against

$(BENCH_STAMP): $(STAMP)
	@if command -v uv >/dev/null 2>&1; then \
	    uv pip install --quiet --python $(BIN)/python --constraint constraints.txt $(BENCH); \
	else \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt $(BENCH); \
	fi
	@touch $(BENCH_STAMP)

bench-ask-setup: $(BENCH_ASK_STAMP) ## install those of the contest of campaigns too; torch is large

$(BENCH_ASK_STAMP): $(BENCH_STAMP)
	@if command -v uv >/dev/null 2>&1; then \
	    uv pip install --quiet --python $(BIN)/python --constraint constraints.txt $(BENCH_ASK); \
	else \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt $(BENCH_ASK); \
	fi
	@touch $(BENCH_ASK_STAMP)

bench: $(BENCH_STAMP) ## compare with fast public optimisers: minutes
	$(BIN)/python -m benchmarks.campaigns quick

bench-full: $(BENCH_STAMP) ## compare with all public optimisers: hours; goes on where it was stopped
	$(BIN)/python -m benchmarks.campaigns full

bench-ask: $(BENCH_ASK_STAMP) ## the contest of campaigns: tens of evaluations, against Optuna and others; an hour
	OMP_NUM_THREADS=1 $(BIN)/python -W ignore -m benchmarks.campaign_contest --save benchmarks/results/ask-tell.md

ablation: $(BENCH_STAMP) ## what each part of our search is worth
	$(BIN)/python -m benchmarks.campaigns ablation

calibration: $(STAMP) ## are the claims true? run the calibration suite and print the table: minutes
	$(BIN)/python -m benchmarks.calibration

calibration-fit: $(STAMP) ## the same, and fit the claim's weights anew on one half of the functions
	$(BIN)/python -m benchmarks.calibration --fit

pins: ## renew constraints.txt: names and versions, nothing else
	@rm -rf $(VENV)/pins && $(PYTHON) -m venv $(VENV)/pins
	@$(VENV)/pins/bin/python -m pip install --quiet --disable-pip-version-check '.[dev]' $(BENCH) $(BENCH_ASK)
	@$(VENV)/pins/bin/python -m pip freeze --all | grep -E '^[A-Za-z0-9._-]+==' | grep -viE '^(pip|setuptools|wheel|blackbox)==' > constraints.txt
	@rm -rf $(VENV)/pins build && wc -l constraints.txt

clean: ## remove what setup and the tools made
	rm -rf $(VENV) .pytest_cache .hypothesis .ruff_cache .import_linter_cache
