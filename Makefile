# make run    the till on a demo shop, PortOne's stand-in running inside
# make test   everything that can be checked
# `make help` lists the rest. Another Python: make test PYTHON=python3.12

PYTHON ?= python3
ARGS ?=

CHECKED_PYTHON := $(shell $(PYTHON) -c 'import sys; sys.version_info >= (3, 11) and print("%d.%d" % sys.version_info[:2])' 2>/dev/null)

# One environment for each version of Python, so that going from one to another costs nothing.
VENV := .venv/py$(CHECKED_PYTHON)
IN_VENV := $(VENV)/bin/python
CHECKED := posapp resources tests
FRESH_PYTHONS := $(if $(filter file,$(origin PYTHON)),python3.11 python3.12,$(PYTHON))

# Tests open no windows on the desktop of whoever runs them, and start their own screens.
PYTEST = QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(IN_VENV) -m pytest

# One more than there are cores: end-to-end tests wait for a minute now and then.
WORKERS := $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)' 2>/dev/null)

# In the order of tests/conftest.py: by default, files with few tests come last, and they are the long ones.
BY_FILE = --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help run test test-whole check coverage lint bench bench-huge bench-against fresh crashtest simulate mutants geometry screenshots pictures manual monkey sheet lock clean python prepare-run prepare-test

help: ## say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

run: prepare-run ## open the till on a demo shop; without a screen, play a sale and keep its pictures
	@if [ "$$(uname -s)" = Linux ] && [ -z "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	  echo "There is no screen here (DISPLAY and WAYLAND_DISPLAY are empty): playing the tour instead."; \
	  exec $(IN_VENV) -m posapp tour $(ARGS); \
	else \
	  exec $(IN_VENV) -m posapp demo $(ARGS); \
	fi

test: lint ## lint, then every test, on all cores; ARGS="-k name" for some of them
	$(PYTEST) -n $(WORKERS) $(BY_FILE) --ignore=tests/test_architecture.py --durations=25 --durations-min=5 $(ARGS)

test-whole: prepare-test ## every test, each slow set whole and not only its fixed share: hours
	$(PYTEST) -n $(WORKERS) $(BY_FILE) --every-place --every-size --workbook-rows 200000 --sales 100000 $(ARGS)

check: lint ## lint, then every test but those that take seconds: while one works
	$(PYTEST) -q -n auto $(BY_FILE) -m "not slow and not e2e and not bench" $(ARGS)

coverage: prepare-test ## the share of branches in domain, services, portone and store that tests run
	$(PYTEST) -q -n auto $(BY_FILE) -m "not e2e and not bench" --cov --cov-report=term --cov-fail-under=95 $(ARGS)

lint: prepare-test ## ruff, mypy, vulture, and the rules of the house
	$(IN_VENV) -m ruff check $(CHECKED)
	$(IN_VENV) -m ruff format --check $(CHECKED)
	$(IN_VENV) -m mypy
	$(IN_VENV) -m vulture
	$(PYTEST) -q tests/test_architecture.py

bench: prepare-test ## measure, one line a figure
	$(PYTEST) -q -s --measure tests/benchmarks $(ARGS)

bench-huge: prepare-test ## the desk over ten million requests: 4 GB in the temporary folder
	$(PYTEST) -q -s --measure --rows 10000000 tests/benchmarks/test_bench_requests.py tests/benchmarks/test_bench_desk_window.py $(ARGS)

bench-against: prepare-test ## REF=commit: its figures and ours in turns, with ratios; ARGS="tests/benchmarks/test_bench_start.py"
	@$(IN_VENV) -m tests.benchmarks.against $(REF) $(if $(ROUNDS),--rounds $(ROUNDS)) $(ARGS)

fresh: ## run and test on an empty Debian in a folder, as root; PYTHON=python3.12 for that one alone
	@python3 -m tests.fresh $(FRESH_PYTHONS) $(if $(ARGS),--args "$(ARGS)")

crashtest: prepare-test ## kill and fail every write; ARGS="--flow pay --fault EIO --every 7"
	@$(IN_VENV) -m tests.crashes $(ARGS)

simulate: prepare-test ## days of a shop with all that goes wrong; DAYS=1000 SEED=7, else 40 of a fresh seed
	@$(IN_VENV) -m tests.simulation.simulate $(if $(DAYS),--days $(DAYS)) $(if $(SEED),--seed $(SEED)) $(ARGS)

mutants: prepare-test ## weaken each guard of money in a copy; every one must be missed; ARGS="--only refund"
	@$(IN_VENV) -m tests.mutants $(ARGS)

geometry: prepare-test ## measure every page in each theme, scale, size, language and shop, for half an hour
	$(PYTEST) -q -n auto --dist load --every-size tests/ui/counter/test_every_page_fits.py tests/ui/counter/test_interruptions.py $(ARGS)

screenshots: prepare-test ## make the pictures of the README anew
	$(IN_VENV) -m posapp tour --out resources/screenshots $(ARGS)
	@rm resources/screenshots/transcript.txt

pictures: prepare-test ## every page and dialog at every size, in each theme and language, into ./pictures; ARGS="--states home"
	@$(IN_VENV) -m tests.pictures pictures --shops usual,empty,longest,staffed,setup,buyers $(ARGS)

monkey: prepare-test ## random input on every page; ARGS="--monkey 1000000", or "--monkey-seed 7" for one again
	$(PYTEST) -q -s tests/monkey tests/ui/kiosk/test_kiosk_monkey.py $(if $(ARGS),$(ARGS),--monkey 1000000)

manual: prepare-test ## take the manual's pictures anew; posapp help --html DIR writes its web pages
	@$(IN_VENV) -m tests.pictures.manual $(ARGS)

sheet: prepare-test ## pictures of every control in every state and theme, in test-results/sheets
	$(PYTEST) -q tests/ui/foundation/test_picture_sheet.py --pictures test-results/sheets $(ARGS)

lock: prepare-test ## pin what pyproject.toml asks for; ARGS=--upgrade for the newest of everything
	$(LOCK) pyproject.toml --output-file requirements.lock $(ARGS)
	$(LOCK) pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock $(ARGS)

clean: ## remove environments, caches and what was built
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find posapp tests -name __pycache__ -type d -prune -exec rm -rf {} +

# For every supported Python and system at once. No header: it would show this machine's paths.
LOCK = $(IN_VENV) -m uv --no-config --system-certs pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header

python:
	@[ -n "$(CHECKED_PYTHON)" ] || { \
	  echo "posapp needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo 'not to be found')."; \
	  echo "Name another: make PYTHON=python3.12 …"; exit 1; }

prepare-run: python
	@$(PYTHON) -P resources/setup/prerequisites.py --for run --install
	@$(call install,requirements.lock)

prepare-test: python
	@$(PYTHON) -P resources/setup/prerequisites.py --for test --install
	@$(call install,requirements-dev.lock)

# $(call install,LOCK): the environment holds just what the lock says. A stamp with the lock's sum
# tells that it does, without asking pip. Another sum means another lock: begun anew, so that nothing
# stays that no lock names any more. The development lock holds the other one whole.
# Compiled beforehand: without byte code the start takes three times as long.
define install
set -e; \
sum() { cksum < "$$1" | tr ' ' -; }; \
stamp=$(VENV)/$(1)-$$(sum $(1)); whole=$(VENV)/requirements-dev.lock-$$(sum requirements-dev.lock); \
$(IN_VENV) -c '' 2>/dev/null && { [ -f $$stamp ] || [ -f $$whole ]; } && exit 0; \
base=$(VENV)/requirements.lock-$$(sum requirements.lock); \
{ $(IN_VENV) -c '' 2>/dev/null && [ -f $$base ] && ! ls $(VENV)/requirements-dev.lock-* >/dev/null 2>&1; } || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV); }; \
echo "Installing $(1) into $(VENV) …"; \
$(IN_VENV) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(1); \
$(IN_VENV) -m compileall -q posapp; \
touch $$stamp
endef
