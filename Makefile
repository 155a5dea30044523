# Every command there is; continuous integration calls the same ones. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

HOST ?= 127.0.0.1
PORT ?= 8000

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
VENDOR := src/xinqiao/foundation/ui/static/vendor
# Checks and compilers get a data directory of their own, so that they never open the one in use.
ASIDE := env -u XINQIAO_KEYS XINQIAO_HOME="$(CURDIR)/.cache/aside" XINQIAO_DATABASE=sqlite
# The demo city has no second factor and says so on every page.
DEMO := XINQIAO_DEMO=1
KEY_FILE := $(or $(XINQIAO_KEYS),$(or $(XINQIAO_HOME),var)/keys/ring.json)

# The environment is this one, whatever the shell had activated; certificates and mirrors are the machine's own.
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH
export UV_LINK_MODE := copy
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := true
export PIP_DISABLE_PIP_VERSION_CHECK := 1
MACHINE_CERTIFICATES := $(firstword $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt))
ifneq ($(MACHINE_CERTIFICATES),)
export NODE_EXTRA_CA_CERTS ?= $(MACHINE_CERTIFICATES)
endif

.PHONY: help
help:  ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ---- Set-up: stamp files, so that a second `make` does nothing and a changed lock file is installed anew.

$(STAMPS)/boot: requirements/boot.lock tools/environment.sh
	@bash tools/environment.sh $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: $(STAMPS)/boot requirements/run.lock pyproject.toml tools/install.sh
	@bash tools/install.sh $(VENV) $$([ -e $(STAMPS)/dev ] && echo dev || echo run)
	@mkdir -p .cache/aside && touch $@

$(STAMPS)/dev: $(STAMPS)/boot requirements/dev.lock | $(STAMPS)/run
	@bash tools/install.sh $(VENV) dev
	@touch $@

$(VENDOR)/.complete: package.json package-lock.json .npmrc tools/front_end.py | $(STAMPS)/run
	@$(BIN)/python tools/front_end.py
	@touch $@

.PHONY: setup setup-dev setup-test translations
setup: $(STAMPS)/run $(VENDOR)/.complete  ## Install what the product needs into .venv and the static folder

setup-dev: setup $(STAMPS)/dev  ## The same, and the tools of the checks and tests

setup-test: setup-dev  ## The same, and a browser, a Chinese font and PostgreSQL (root on Debian: installed; else: named)
	@$(BIN)/python tools/machine.py

translations: $(STAMPS)/run
	@$(ASIDE) $(BIN)/xinqiao compile_translations

# ---- Use

.PHONY: database run demo
database: setup translations
	@[ -e "$(KEY_FILE)" ] || $(BIN)/xinqiao keys create
	@$(DEMO) $(BIN)/xinqiao migrate --noinput --verbosity 0

run: database  ## Show the demo city on http://127.0.0.1:8000 (HOST=… PORT=…); keeps what is there
	@$(DEMO) $(BIN)/xinqiao collectstatic --noinput --verbosity 0
	@$(DEMO) $(BIN)/xinqiao demo load --if-empty
	@exec env $(DEMO) $(BIN)/xinqiao serve --host $(HOST) --port $(PORT)

demo: database  ## Load the demo city anew and print its sign-ins
	@$(DEMO) $(BIN)/xinqiao demo load --anew

# ---- Checks

.PHONY: test test-fast check prove bench docs lock
test: setup-test translations  ## All tests, on the embedded database and on PostgreSQL
	@$(BIN)/python tools/run_tests.py

test-fast: setup-dev translations  ## The quick tests, on the embedded database
	@$(BIN)/python tools/run_tests.py --fast

check: setup-dev translations  ## Lint, format, types, floors, translations, templates, migrations, that tests can be read
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(ASIDE) $(BIN)/mypy src/xinqiao tools
	$(BIN)/lint-imports
	$(BIN)/python tools/check_doors.py
	$(BIN)/python tools/check_translations.py
	$(ASIDE) $(BIN)/python tools/check_templates.py
	$(ASIDE) $(BIN)/xinqiao makemigrations --check --dry-run
	@echo "Tests: every module can be read."
	@env -u XINQIAO_KEYS $(BIN)/pytest --collect-only -qq -n 0 -p no:cacheprovider > .cache/collected || { cat .cache/collected; exit 1; }

prove: setup-test translations  ## The long proofs at full length; JSON in var/prove
	@$(BIN)/python tools/run_tests.py --prove

bench: setup-test translations  ## The benchmarks; JSON in var/bench (NAMES="load bulk" chooses)
	@$(BIN)/python tools/bench.py $(NAMES)

docs: setup-dev  ## Draw the diagrams of docs/states from the code
	@$(ASIDE) $(BIN)/xinqiao docs

lock: setup-dev  ## Resolve pyproject.toml into requirements/*.lock (UPGRADE=--upgrade takes the newest)
	@$(BIN)/python tools/lock.py $(UPGRADE)
