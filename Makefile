# make repro  sets up and runs every stage        make test  sets up and runs the tests
# PYTHON=python3.13 chooses the interpreter; the virtual environment stands first on PATH, since DVC calls plain `python`.
PYTHON ?= python3
VENV := .venv
STAMP := $(VENV)/ready-$(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PYTHONNOUSERSITE := 1
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME

.PHONY: setup repro test check lock wheel bench
setup: $(STAMP)

$(STAMP): requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make $(MAKECMDGOALS) PYTHON=python3.11")'
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

repro: setup
	dvc repro

test: setup
	python -m pytest -n auto --dist loadgroup $(ARGS)

check: setup
	ruff format --check
	ruff check
	mypy
	python tests/check_lock.py

wheel: setup
	sh tests/wheel.sh

bench: setup
	python tests/benchmarks/pipeline.py $(ARGS)

lock: setup
	python tests/check_lock.py --write
