# Everything that belts does, from a fresh clone. `make` alone lists the targets.
#
#   PYTHON=python3.12   the Python (3.11 or newer) that .venv is made from
#   UPGRADE=1           `make lock` moves every dependency to its newest version
#   ARGS=...            extra words for pytest (`make test`), for belts (`make site`, `make serve`, `make verify`), for `make bench`
#   SIZES=360,3600 RUNS=5   numbers of areas and rounds for `make bench`
#   MINUTES=5           how long `make fuzz` tries each reader

PYTHON ?= python3
ARGS ?=
SIZES ?= 360,3600
RUNS ?= 5
MINUTES ?= 5

VENV := .venv
STAMPS := $(VENV)/stamps
BELTS := $(VENV)/bin/belts
PIP := $(VENV)/bin/python -m pip install -qq --disable-pip-version-check --no-input
LOCKED := --require-hashes --only-binary :all:
NPM_CI := $(VENV)/bin/python build_scripts/toolchain.py build && npm ci --ignore-scripts --no-audit --no-fund --silent

# A virtual environment knows its own path: a moved or copied checkout makes a new one.
ifneq ($(shell cat $(STAMPS)/home 2>/dev/null),$(CURDIR))
REBUILD := anew
endif
# Someone may delete node_modules and keep the stamps.
ifeq ($(wildcard node_modules/leaflet),)
NODE_GONE := anew
endif
ifeq ($(wildcard node_modules/axe-core),)
NODE_DEV_GONE := anew
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help setup setup-dev site serve edit test check verify snapshots fuzz bench bench-quick lock clean anew

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: $(STAMPS)/python $(STAMPS)/project $(STAMPS)/node ## install what building the site needs
	@:

setup-dev: $(STAMPS)/python-dev $(STAMPS)/project $(STAMPS)/node-dev ## install what the tests and checks need too
	@:

site: setup ## set up, check the data, build the public site into site/
	@$(BELTS) build $(ARGS)

serve: setup ## preview the site with live reload
	@$(BELTS) serve $(ARGS)

edit: setup $(STAMPS)/node-dev ## edit records in a web form, with preview and checks
	@$(BELTS) edit $(ARGS)

test: setup-dev ## set up, run every test, real browser included
	@$(VENV)/bin/python build_scripts/toolchain.py test
	@$(VENV)/bin/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

check: setup-dev ## lint, format, types, data and its layout: what CI runs before the tests
	@$(VENV)/bin/ruff check
	@$(VENV)/bin/ruff format --check
	@$(VENV)/bin/mypy
	@$(BELTS) check
	@$(BELTS) fmt --check

verify: setup-dev ## build the site and put it through every gate before it goes online
	@$(VENV)/bin/python build_scripts/toolchain.py test
	@$(BELTS) build
	@$(BELTS) verify $(ARGS)

snapshots: setup-dev ## rewrite the tests' snapshots; read the diff before you commit it
	@UPDATE_SNAPSHOTS=1 $(VENV)/bin/python -m pytest $(ARGS)

fuzz: setup-dev ## try each reader of files with hostile bytes; MINUTES=5 for each, finds are kept in tests/fuzz_corpus/
	@$(VENV)/bin/python tests/fuzzing.py --minutes $(MINUTES) $(ARGS)

bench: setup-dev ## measure belts beside Hugo, Pagefind, Zensical and a plain script; SIZES=360,3600 RUNS=5
	@$(VENV)/bin/python tests/benchmarks/bench.py --sizes $(SIZES) --runs $(RUNS) $(ARGS)

bench-quick: setup-dev ## the same at 360 areas, two rounds
	@$(VENV)/bin/python tests/benchmarks/bench.py --quick $(ARGS)

clean: ## remove what was built; .venv and node_modules stay
	@rm -rf site build belts.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find build_scripts tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The locks are made by the oldest Python that belts supports, so that all newer ones can install them,
# and without the machine's own pip settings: an extra index must not choose what everybody installs.
COMPILE = PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND="make lock" env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL \
	$(VENV)/bin/pip-compile --quiet --no-config --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options --newline lf \
	--build-deps-for wheel $(if $(UPGRADE),--upgrade)

lock: setup-dev ## lock the dependencies of pyproject.toml and package.json again
	@$(VENV)/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "make lock: .venv must be of Python 3.11: rm -rf .venv; make lock PYTHON=python3.11" >&2; exit 2; }
	@$(COMPILE) -o requirements/runtime.txt pyproject.toml
	@$(COMPILE) --extra dev -c requirements/runtime.txt -o requirements/dev.txt pyproject.toml
	@$(COMPILE) --extra bench -c requirements/runtime.txt -o requirements/bench.txt pyproject.toml
	@npm $(if $(UPGRADE),update,install) --package-lock-only --ignore-scripts --no-audit --no-fund --silent

# --- set-up steps, each skipped while its stamp is newer than what it read ---

# `--clear` would empty what a link leads to, which is another checkout's.
$(STAMPS)/home: $(REBUILD)
	@test ! -L $(VENV) || { \
		echo "$(VENV) is a symbolic link and was left alone: remove the link, and make will set up its own" >&2; \
		echo "$(VENV) 是符号链接，没有动它：请删除这个链接，make 会另建一个" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 7))' 2>/dev/null || { \
		echo "No Python 3 runs as '$(PYTHON)': install Python 3.11 or newer, or name one: make PYTHON=python3.12" >&2; \
		echo "找不到可用的 Python 3（$(PYTHON)）：请安装 Python 3.11 或更新的版本，或指明：make PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) build_scripts/toolchain.py build
	@echo "Making $(VENV) with $$($(PYTHON) --version) …"
	@$(PYTHON) -m venv --clear $(VENV)
	@mkdir -p $(STAMPS)
	@printf '%s\n' '$(CURDIR)' > $@

$(STAMPS)/python: requirements/runtime.txt $(STAMPS)/home
	@echo "Installing Python packages …"
	@$(PIP) $(LOCKED) -r requirements/runtime.txt
	@touch $@

$(STAMPS)/python-dev: requirements/dev.txt $(STAMPS)/python
	@echo "Installing Python packages for development …"
	@$(PIP) $(LOCKED) -r requirements/dev.txt
	@touch $@

$(STAMPS)/project: pyproject.toml $(STAMPS)/python
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/node: package.json package-lock.json .npmrc $(STAMPS)/home $(NODE_GONE)
	@echo "Installing browser packages …"
	@$(NPM_CI) --omit=dev
	@rm -f $(STAMPS)/node-dev
	@touch $@

$(STAMPS)/node-dev: package.json package-lock.json .npmrc $(STAMPS)/home $(NODE_DEV_GONE)
	@echo "Installing browser packages for development …"
	@$(NPM_CI)
	@touch $@ $(STAMPS)/node
