# `make serve` and `make test` do everything from a fresh clone. See README.md.
PORT ?= 8000
PYTHON311 ?= $(firstword $(shell for p in python3.11 python3 "$$HOME"/.pyenv/versions/3.11.*/bin/python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo "$$p"; done) 3.11)
# A pyenv shim that names a version which is not active fails when called, so each candidate is tried.
PYTHON310 ?= $(firstword $(shell for p in python3.10 "$$HOME"/.pyenv/versions/3.10.*/bin/python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null && echo "$$p"; done) 3.10)
# uv does not read pip's find-links, where a CPU build of torch may lie; without one the registry's wheel serves.
FIND_LINKS = $(addprefix --find-links ,$(shell $(PYTHON311) -m pip config get global.find-links 2>/dev/null))
UV = $(shell command -v uv || echo .venv/bin/uv)
PY = .venv/bin/python
export OMP_NUM_THREADS = 1
# Where a container forbids Python to keep what it compiled, every command would compile three thousand modules again: 8 s each.
export PYTHONDONTWRITEBYTECODE =

.PHONY: serve test setup lint dialogue evaluate bench lock clean

serve: setup
	@$(PY) -m assistant serve --port $(PORT)

test: setup lint
	@$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

setup: .venv/.ready assistant/rasa/.venv/.ready

.venv/.ready: requirements.lock Makefile
	@echo "Setting up the service's environment (.venv) …"
	@test -x .venv/bin/python || $(PYTHON311) -m venv .venv || { \
	  echo "No Python 3.11 found. Install it (python3.11 with venv), or name one: make PYTHON311=/path/to/python3.11" >&2; exit 2; }
	@test -x "$(UV)" || .venv/bin/python -m pip install --quiet uv || { \
	  echo "The package registry cannot be reached, and nothing is installed yet. Check the network or pip's index settings, then run the same command again; what was fetched is kept." >&2; exit 2; }
	@uv=$$(command -v uv || echo .venv/bin/uv); \
	  $$uv pip install --quiet --python .venv/bin/python $(FIND_LINKS) torch==2.13.0 && \
	  $$uv pip install --quiet --python .venv/bin/python --no-deps --require-hashes -r requirements.lock || { \
	  echo "Packages of the service could not be fetched: the registry cannot be reached or lacks one (see above). Run the same command again when it can; what was fetched is kept." >&2; exit 2; }
	@touch $@

assistant/rasa/.venv/.ready: assistant/rasa/requirements.lock Makefile .venv/.ready
	@echo "Setting up the engine's environment (assistant/rasa/.venv, Python 3.10) …"
	@uv=$$(command -v uv || echo .venv/bin/uv); \
	  { test -x assistant/rasa/.venv/bin/python || $$uv venv --quiet --python "$(PYTHON310)" assistant/rasa/.venv; } || { \
	  echo "No Python 3.10 found, and uv could not fetch one. Install it, or name one: make PYTHON310=/path/to/python3.10" >&2; exit 2; }
	@uv=$$(command -v uv || echo .venv/bin/uv); \
	  $$uv pip install --quiet --python assistant/rasa/.venv/bin/python --no-deps --require-hashes -r assistant/rasa/requirements.lock || { \
	  echo "Packages of the engine could not be fetched: the registry cannot be reached or lacks one (see above). Run the same command again when it can." >&2; exit 2; }
	@touch $@

lint: setup
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

evaluate: setup
	@$(PY) -m benchmarks.evaluate

bench: setup
	@$(PY) -m benchmarks.bench

lock: .venv/.ready
	@uv=$$(command -v uv || echo .venv/bin/uv); \
	  $$uv pip compile -q --python-version 3.11 $(FIND_LINKS) --no-emit-find-links --no-emit-package torch --group dev pyproject.toml \
	    --generate-hashes --custom-compile-command "make lock" -o requirements.lock && \
	  $$uv pip compile -q --python-version 3.10 assistant/rasa/requirements.in \
	    --generate-hashes --custom-compile-command "make lock" -o assistant/rasa/requirements.lock

clean:
	@rm -rf var .venv assistant/rasa/.venv
