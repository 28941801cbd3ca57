# Two commands on a fresh Linux machine with python3 (3.11 to 3.13) and make:
#   make demo   real personas from the shipped corpus, made by a small model on this machine
#   make test   the whole test suite
# Both set .venv up from locked, hash-checked dependencies, and both can be run again.

PYTHON ?= python3
VENV := .venv
PIP_INSTALL := $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test check lock clean

demo: $(VENV)/.demo
	$(VENV)/bin/iph demo --out demo

test: $(VENV)/.test
	$(VENV)/bin/python -m pytest

check: $(VENV)/.test
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "Python 3.11 to 3.13 is needed: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ rm -rf $(VENV); echo "python3 -m venv failed: on Debian, apt-get install python3-venv"; exit 1; }

$(VENV)/.demo: requirements/demo.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing locked dependencies into $(VENV) ..."
	$(PIP_INSTALL) --require-hashes -r requirements/demo.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements/test.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing locked dependencies into $(VENV) ..."
	$(PIP_INSTALL) --require-hashes -r requirements/test.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

# Made anew with uv, for every Python and machine at once; no index is named in the files.
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
lock:
	$(LOCK) pyproject.toml --extra local --group build -o requirements/demo.lock
	$(LOCK) pyproject.toml --extra local --group build --group dev -o requirements/test.lock

clean:
	rm -rf $(VENV) demo
