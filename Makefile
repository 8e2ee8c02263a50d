# Two commands: `make run` and `make test`. Each works from nothing but the checkout
# on Debian 12/13 (as root or with sudo); `make run` on Ubuntu too.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
APT := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=600
RUN_PACKAGES := python3-venv libreoffice-writer-nogui fonts-liberation2 fonts-paratype poppler-utils util-linux
TEST_PACKAGES := postgresql chromium openssl libengine-gost-openssl softhsm2
OUT ?= var/demo
PACK ?= tetyushi
UV_COMPILE := $(BIN)/uv pip compile --universal --no-header --generate-hashes --no-emit-index-url --no-emit-find-links -q

.PHONY: help run test unit lint demo bench docs locks clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(VENV)/.run $(VENV)/.system-run ## install what running needs and start Marshrut with a training database in ./var
	@mkdir -p var/training
	cd var/training && ../../$(BIN)/marshrut up

test: $(VENV)/.test $(VENV)/.system-test lint ## everything: lint, types, imports, unit, both databases, browser
	@# A file stays in one process: what its tests share is made once. The long stories come first.
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder --ignore tests/e2e
	@# Apart: a browser's event loop must not run where signatures are checked.
	$(BIN)/pytest -n 2 tests/e2e

unit: $(VENV)/.test ## the domain tests alone, seconds
	$(BIN)/pytest -n auto tests/unit tests/structure

lint: $(VENV)/.test ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

demo: $(VENV)/.run $(VENV)/.system-run ## the whole life of the documents of pack PACK into OUT
	$(BIN)/marshrut demo --pack $(PACK) --out $(OUT)

bench: $(VENV)/.test $(VENV)/.system-test ## documents a second, each beside the bare library
	$(BIN)/python -m benchmarks

docs: $(VENV)/.test ## draw the diagrams in docs/ anew from the code
	$(BIN)/python -m docs.draw

locks: $(VENV)/.test ## resolve the pins anew
	$(BIN)/pip install -q uv
	$(UV_COMPILE) --extra build pyproject.toml -o requirements.lock
	$(UV_COMPILE) --extra build --extra dev pyproject.toml -o requirements-dev.lock

clean: ## forget the virtual environment and the caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

# An apt list that is too old makes the install fail, so it is refreshed first.
$(VENV)/.system-run: Makefile | $(VENV)/.run
	@dpkg -s $(RUN_PACKAGES) >/dev/null 2>&1 || { $(APT) update && $(APT) install --no-install-recommends $(RUN_PACKAGES); }
	@touch $@

# create_main_cluster=false: the tests start servers of their own, nothing else should run.
$(VENV)/.system-test: Makefile | $(VENV)/.system-run
	@dpkg -s $(TEST_PACKAGES) >/dev/null 2>&1 || { $(APT) update && $(APT) install --no-install-recommends postgresql-common \
	  && { $(SUDO) sed -i -E 's/^#?create_main_cluster.*/create_main_cluster = false/' /etc/postgresql-common/createcluster.conf; \
	       $(APT) install --no-install-recommends $(TEST_PACKAGES); }; }
	@touch $@

$(VENV)/bin/python:
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { $(APT) update && $(APT) install --no-install-recommends python3-venv; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/pip install -q --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements-dev.lock pyproject.toml | $(VENV)/.run
	$(BIN)/pip install -q --require-hashes -r requirements-dev.lock
	@touch $@
