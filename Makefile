# Mostik: `make demo` starts everything on this machine, `make test` runs the tests.
# PORT, DATA and ARGS are passed to the demo, ARGS also to the tests and the long runs.

PORT ?= 8080
DATA ?= ./demo-data
ARGS ?=

RUN_READY := .venv/.ready-run
DEV_READY := .venv/.ready-dev
PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup demo test check chaos bench screens

help:
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile

setup: $(RUN_READY) ## .venv with the pinned dependencies and mostik in it

$(RUN_READY): requirements.lock requirements-setup.lock pyproject.toml scripts/setup.sh scripts/python.sh
	@scripts/setup.sh run requirements.lock
	@touch $@

$(DEV_READY): requirements-dev.lock $(RUN_READY)
	@scripts/setup.sh dev requirements-dev.lock
	@touch $@

demo: $(RUN_READY) ## everything on embedded stores with emulated messengers: PORT, DATA, ARGS
	@exec .venv/bin/mostik demo --port $(PORT) --data "$(DATA)" $(ARGS)

test: $(DEV_READY) ## all tests but the long fault runs and the benchmarks
	@exec scripts/test.sh $(ARGS)

check: $(DEV_READY) ## ruff, mypy, the house rules, the dependency audit
	@exec scripts/check.sh

chaos: $(DEV_READY) ## the long fault runs: a table and build/chaos.json
	@exec scripts/chaos.sh $(ARGS)

bench: $(DEV_READY) ## the benchmarks: a table and build/bench.json
	@exec $(PY) benchmarks/run.py $(ARGS)

screens: $(DEV_READY) ## screenshots of every page of the seeded demo
	@scripts/system.sh chromium emoji
	@exec $(PY) scripts/screens.py $(ARGS)
