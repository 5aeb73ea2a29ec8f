# Two commands do everything: make demo, make test. Each sets up what it needs.
# What the commands behind sync, dashboard, status, sandbox, quality and compare take as well: ARGS="--dry-run"
ARGS ?=
PYTHON ?= python3
BIN := .venv/bin
LINT := .venv-lint/bin
DOCS := .venv-docs/bin
SPARK := .venv-spark/bin
# clients that others wrote, only to try the sandbox with
TAP := tap-shopify==3.13.0
AIRBYTE := airbyte-source-shopify==4.3.0
# what looks up known vulnerabilities, and what writes the list of what is installed
AUDIT := pip-audit==2.10.1
BILL := cyclonedx-bom==7.5.0

# without compiled bytecode every dbt start takes seconds longer
unexport PYTHONDONTWRITEBYTECODE
# a company's own certificates count, as they do for pip
export UV_SYSTEM_CERTS := true
export DBT_SEND_ANONYMOUS_USAGE_STATS := 0
export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false

# a third for two cores: many tests wait for commands, for a browser, or for the time to pass
PROCESSES ?= 3

# macOS brings a make that cannot keep the output of two jobs apart
KEPT_APART := $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

# two commits, and where `make equality` keeps what they made
BEFORE ?= 678a6fe
AFTER ?= HEAD
CACHE ?= .equality

.PHONY: help setup demo sync status dashboard lab sandbox picture check quality unit test torture \
	spark peers compare audit sbom equality lint types format hooks docs reference lock clean

help:
	@echo "make demo       run the pipeline end to end on a generated store"
	@echo "make sync       your own store, by the settings of .env (ARGS=--dry-run: write nothing)"
	@echo "make status     what is synced, the last runs, and what is held back"
	@echo "make dashboard  the reports as one web page, dashboard.html (ARGS=--list: which reports)"
	@echo "make lab        open the notebooks in Jupyter"
	@echo "make sandbox    both APIs on this machine, with a generated store (ARGS='--orders 5000')"
	@echo "make quality    each check of the data, on the warehouse of .env (ARGS='-k deals')"
	@echo "make check      linters, type checker and unit tests"
	@echo "make test       linters, type checker and every test"
	@echo "make setup      the environment in .venv, with the command .venv/bin/cartwheel"
	@echo "make unit       unit tests alone"
	@echo "make lint       linters alone"
	@echo "make types      type checker alone"
	@echo "make format     rewrite Python and SQL in the house style"
	@echo "make hooks      check what is committed before it is (pre-commit)"
	@echo "make torture    every fault, 50 extracts and 100 loads killed, long ways round (an hour)"
	@echo "make spark      the models on a cluster of Spark, compared with DuckDB (needs Java 17)"
	@echo "make peers      two Shopify clients of others read from the sandbox"
	@echo "make compare    Cartwheel measured beside dlt, Singer and dbt_shopify (ARGS='--orders 50000')"
	@echo "make audit      known vulnerabilities of what is pinned (asks PyPI)"
	@echo "make sbom       what an installation consists of, as CycloneDX: sbom.cdx.json"
	@echo "make equality   whether two commits make the same tables and HubSpot records (BEFORE=<commit>)"
	@echo "make picture    the pictures of the README and of docs/workflows.md (needs Chromium)"
	@echo "make docs       the documents as a site that opens offline, site/index.html"
	@echo "make reference  write the pages of docs/reference that come from the code"
	@echo "make lock       resolve the dependencies again into requirements*.lock"
	@echo "make clean      remove environments, warehouse.duckdb, dashboard.html and what dbt made"
	@echo "make help       this list"

setup: .venv/.ready

.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	touch $@

.venv/.ready-test: .venv/.ready requirements-test.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements-test.lock
	touch $@

.venv-lint/.ready: requirements-lint.lock
	$(PYTHON) -m venv .venv-lint
	$(LINT)/python -m pip install --quiet --disable-pip-version-check uv
	$(LINT)/uv pip install --quiet --python $(LINT)/python --require-hashes -r requirements-lint.lock
	touch $@

.venv-docs/.ready: requirements-docs.lock
	$(PYTHON) -m venv .venv-docs
	$(DOCS)/python -m pip install --quiet --disable-pip-version-check uv
	$(DOCS)/uv pip install --quiet --python $(DOCS)/python --require-hashes -r requirements-docs.lock
	touch $@

demo: .venv/.ready
	$(BIN)/cartwheel demo

sync: .venv/.ready
	$(BIN)/cartwheel sync $(ARGS)

status: .venv/.ready
	$(BIN)/cartwheel status $(ARGS)

dashboard: .venv/.ready
	$(BIN)/cartwheel dashboard $(ARGS)

# the commands in another terminal reach it with: cartwheel --env sandbox.env COMMAND
sandbox: .venv/.ready
	$(BIN)/cartwheel sandbox --write-env sandbox.env \
		$(if $(filter --store% --orders%,$(ARGS)),,--orders 1500) $(ARGS)

lab: .venv/.ready
	$(BIN)/jupyter lab --notebook-dir notebooks

picture: .venv/.ready-test demo
	$(BIN)/python -m tests.picture dashboard.html docs/dashboard.png
	for workflow in new_customer abandoned_checkout re_engagement; do \
		$(BIN)/cartwheel workflows preview $$workflow --out preview || exit 1; done
	$(BIN)/python -m tests.workflow_pictures preview docs/workflows

check: .venv/.ready-test .venv-lint/.ready
	$(MAKE) --jobs 2 $(KEPT_APART) lint types unit

# looks at the warehouse of the settings, and writes nothing
quality: .venv/.ready-test
	$(BIN)/python -m pytest tests/data_quality $(ARGS)

unit: .venv/.ready-test
	$(BIN)/python -m pytest tests/unit

test: .venv/.ready-test .venv-lint/.ready
	$(MAKE) --jobs 2 $(KEPT_APART) lint types
	$(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist loadscope --no-loadscope-reorder

torture: .venv/.ready-test
	CARTWHEEL_TORTURE=all $(BIN)/python -m pytest --numprocesses 2 \
		tests/torture/extract tests/torture/load \
		tests/integration/models/test_incremental.py
	$(BIN)/python -m pytest --numprocesses 2 --dist loadscope -m nightly

.venv-spark/.ready: engines/spark/requirements.lock
	$(PYTHON) -m venv .venv-spark
	$(SPARK)/python -m pip install --quiet --disable-pip-version-check uv
	$(SPARK)/uv pip install --quiet --python $(SPARK)/python --require-hashes \
		-r engines/spark/requirements.lock
	touch $@

spark: .venv/.ready-test .venv-spark/.ready
	$(BIN)/python -m pytest -m spark tests/spark

.venv-tap/.ready-$(TAP):
	$(PYTHON) -m venv .venv-tap
	.venv-tap/bin/python -m pip install --quiet --disable-pip-version-check $(TAP)
	touch $@

.venv-airbyte/.ready-$(AIRBYTE):
	$(PYTHON) -m venv .venv-airbyte
	.venv-airbyte/bin/python -m pip install --quiet --disable-pip-version-check $(AIRBYTE)
	touch $@

peers: .venv/.ready-test .venv-tap/.ready-$(TAP) .venv-airbyte/.ready-$(AIRBYTE)
	TAP_SHOPIFY_PYTHON=.venv-tap/bin/python AIRBYTE_SHOPIFY_PYTHON=.venv-airbyte/bin/python \
		$(BIN)/python -m pytest tests/torture/peers

# what it measures, it installs below .venv-peers, as bench/peers/environments pins it
compare: .venv/.ready
	$(BIN)/python -m bench.peers $(ARGS)

.venv-audit/.ready-$(AUDIT)-$(BILL):
	$(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check $(AUDIT) $(BILL)
	touch $@

# strict: what could not be looked up is not taken for safe
audit: .venv-audit/.ready-$(AUDIT)-$(BILL)
	for locked in requirements-test.lock requirements-lint.lock requirements-docs.lock \
			engines/spark/requirements.lock; do \
		.venv-audit/bin/pip-audit --strict --disable-pip --require-hashes \
			--requirement $$locked || exit 1; done

sbom: .venv-audit/.ready-$(AUDIT)-$(BILL)
	.venv-audit/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml \
		--output-reproducible --output-format JSON --output-file sbom.cdx.json

equality: .venv/.ready
	$(BIN)/python -m bench.equality --before $(BEFORE) --after $(AFTER) --cache $(CACHE)

lint: .venv-lint/.ready
	$(LINT)/ruff check .
	$(LINT)/ruff format --check .
	$(LINT)/sqlfluff lint --disable-progress-bar --processes 0 dbt_project
	$(LINT)/codespell

types: .venv/.ready-test .venv-lint/.ready
	$(LINT)/mypy --python-executable $(BIN)/python

format: .venv-lint/.ready
	$(LINT)/ruff check --fix .
	$(LINT)/ruff format .
	$(LINT)/sqlfluff fix --disable-progress-bar dbt_project

hooks: .venv-lint/.ready
	$(LINT)/pre-commit install

# dbt describes its models without a warehouse: the file is made, empty, and thrown away
docs: .venv/.ready .venv-docs/.ready
	rm -rf target/docs
	mkdir -p target/docs
	CARTWHEEL_WAREHOUSE=target/docs/empty.duckdb $(BIN)/dbt --quiet docs generate --static \
		--empty-catalog --target-path target/docs
	NO_MKDOCS_2_WARNING=1 $(DOCS)/mkdocs build --strict
	@echo "site        site/index.html"

reference: .venv/.ready
	$(BIN)/python -m docs_reference

EXPORT := $(BIN)/uv export --quiet --frozen --no-header --no-emit-project --format requirements-txt

lock: .venv/.ready
	$(BIN)/uv lock
	$(EXPORT) --output-file requirements.lock > /dev/null
	$(EXPORT) --extra test --output-file requirements-test.lock > /dev/null
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		requirements-lint.in --output-file requirements-lint.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		requirements-docs.in --output-file requirements-docs.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		engines/spark/requirements.in --output-file engines/spark/requirements.lock

clean:
	rm -rf .venv .venv-lint .venv-docs .venv-tap .venv-airbyte .venv-peers .venv-audit \
		.venv-spark sbom.cdx.json target site logs data_docs warehouse.duckdb dashboard.html
