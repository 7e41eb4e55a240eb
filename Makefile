# The verbs of the project. `make run` and `make test` are all a newcomer needs.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
EMULATOR := $(if $(shell command -v npm 2>/dev/null),tests/wire/emulator/node_modules/.installed,)
AXE := $(if $(shell command -v npm 2>/dev/null),tests/browser/axe/node_modules/.installed,)
SPARK := $(if $(shell command -v java 2>/dev/null),.venv/.spark,)
# The suite runs as three processes side by side, of which each waits a good deal for servers and files.
INNER := tests/unit/ tests/turns/
COMMANDS := tests/surfaces/test_cli.py tests/surfaces/test_documented_commands.py
SURFACES := $(filter-out $(COMMANDS),$(wildcard tests/surfaces/test_*.py)) tests/surfaces/chat/ tests/wire/
REST := $(COMMANDS) $(filter-out $(INNER) tests/surfaces/ tests/wire/,$(wildcard tests/*/))

.PHONY: leaning mutants run dev test check format lint types contracts docs docs-check eval bench golden lock clean browser

run: $(INSTALLED)  ## serve the chat on http://127.0.0.1:8000
	$(BIN)/cpo serve

dev: $(INSTALLED)  ## serve, and start again when a file changes
	$(BIN)/watchfiles "$(BIN)/cpo serve" app plugins prompts

test: $(INSTALLED) $(SPARK) $(EMULATOR) $(AXE)  ## every test; those whose service is missing are skipped with the reason
	@mkdir -p build; \
	$(BIN)/python -m pytest -q $(INNER) >build/inner-tests.log 2>&1 & inner=$$!; \
	$(BIN)/python -m pytest -q $(SURFACES) >build/surface-tests.log 2>&1 & surfaces=$$!; \
	$(BIN)/python -m pytest -q $(REST); rest=$$?; \
	wait $$inner; inner=$$?; wait $$surfaces; surfaces=$$?; \
	cat build/inner-tests.log build/surface-tests.log; exit $$((rest | inner | surfaces))

check: format lint types contracts docs-check test  ## what a change must pass

format: $(INSTALLED)
	$(BIN)/ruff format --check app plugins tests

lint: $(INSTALLED)
	$(BIN)/ruff check app plugins tests

types: $(INSTALLED)
	$(BIN)/pyright

contracts: $(INSTALLED)
	$(BIN)/lint-imports

docs: $(INSTALLED)  ## write the generated pages
	$(BIN)/python -m app.documentation write

docs-check: $(INSTALLED)
	$(BIN)/python -m app.documentation check

eval: $(INSTALLED)  ## score the planner on data/evals against the committed baseline
	$(BIN)/cpo evaluate data/evals --baseline data/evals/baseline.json

bench: $(INSTALLED)  ## ratios measured in one run
	for script in tests/benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

leaning: $(INSTALLED)  ## fit what copy leans towards to the labelled corpus; review the difference
	PYTHONPATH=. $(BIN)/python tests/fitting/leaning.py

mutants: $(INSTALLED)  ## take away each defence in turn: the suite must notice
	$(BIN)/python tests/mutation/gate_mutants.py

golden: $(INSTALLED)  ## write the golden traces anew; review the difference
	$(BIN)/python -m pytest -q tests/turns/test_golden_traces.py --update-golden

lock:  ## resolve pyproject.toml into the lock files (needs uv); no addresses are written
	uv pip compile -q pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-annotate \
	  --no-header --no-emit-index-url --no-emit-find-links -o requirements.lock
	uv pip compile -q pyproject.toml --extra spark -c requirements.lock --universal --python-version 3.11 \
	  --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links -o .spark.full
	$(PYTHON) -c "import re,sys; blocks=re.split(r'\n(?=\S)', open('.spark.full').read()); \
	  print('\n'.join(b for b in blocks if re.match(r'(pyspark|py4j)==', b)))" > requirements-spark.lock
	rm .spark.full

$(INSTALLED): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@if command -v uv >/dev/null 2>&1; then \
	  VIRTUAL_ENV=.venv uv pip install -q --no-deps --require-hashes -r requirements.lock && \
	  VIRTUAL_ENV=.venv uv pip install -q --no-deps --no-build-isolation -e . ; \
	else \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.lock && \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . ; \
	fi
	@touch $(INSTALLED)

.venv/.spark: requirements-spark.lock $(INSTALLED)
	@if command -v uv >/dev/null 2>&1; then \
	  VIRTUAL_ENV=.venv uv pip install -q --no-deps --require-hashes -r requirements-spark.lock; \
	else \
	  $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-spark.lock; \
	fi
	@touch .venv/.spark

tests/wire/emulator/node_modules/.installed: tests/wire/emulator/package-lock.json
	@cd tests/wire/emulator && npm ci --silent --no-fund --no-audit && touch node_modules/.installed || \
	  echo "The emulator of the OpenAI API could not be installed; its tests are skipped."

tests/browser/axe/node_modules/.installed: tests/browser/axe/package-lock.json
	@cd tests/browser/axe && npm ci --silent --no-fund --no-audit && touch node_modules/.installed || \
	  echo "The accessibility rules could not be installed; their tests are skipped."

clean:
	rm -rf tests/wire/emulator/node_modules tests/browser/axe/node_modules .venv var .pytest_cache .ruff_cache .hypothesis build *.egg-info
