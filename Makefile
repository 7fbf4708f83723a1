.DEFAULT_GOAL := help
.PHONY: help demo setup night check load build lift insights publish roles report show summary status export writeback erase calibrate placebo test test-quick test-integration test-loaders test-others test-production conformance spark spark-quick spark-night spark-cluster scheduling bi-test lint format docs bench clean

PYTHON ?= python3
WAREHOUSE_URL ?= $(shell sed -n 's/^WAREHOUSE_URL=//p' .env 2>/dev/null)
# A warehouse on Spark needs more than the others.
VENV := $(if $(findstring sc://,$(WAREHOUSE_URL)),.venv-spark,.venv)
BIN := $(VENV)/bin
# What is neither takes as long as each of these.
BUILDING := tests/integration
LOADING := tests/loaders tests/stand_ins
# Each has a folder of its own: pytest closes that of others to the server of Postgres.
PYTEST := PYTEST_DEBUG_TEMPROOT=$$(mktemp -d) $(BIN)/python -m pytest
QUICK := $(addprefix tests/,lift_statistics calibration dbt steps/lift steps/report warehouse) -m "not slow" -k "not postgres"
SPARK_PYTEST := .venv-spark/bin/python -m warehouse.profile && PYTEST_DEBUG_TEMPROOT=$$(mktemp -d) .venv-spark/bin/python -m pytest
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 17

demo: setup ## Invent a world, load it, build and publish the marts, report the lift
	$(BIN)/python -m demo
	$(BIN)/python -m loaders --demo
	$(BIN)/dbt build --quiet --exclude source:lift+ source:insights+
	$(BIN)/python -m stand_ins.llm \
		$(BIN)/python -m steps.insights --since 2026-01-01
	$(BIN)/python -m stand_ins.llm $(BIN)/python -m steps.insights themes
	$(MAKE) --no-print-directory lift
	$(BIN)/python -m demo.compare
	$(BIN)/python -m steps.publish
	$(BIN)/python -m steps.status recorder || test $$? -eq 1 # an alert is open
	$(BIN)/python -m steps.report

setup: $(VENV)/installed ## Create .venv with the locked dependencies, and profiles.yml
	@$(BIN)/python -m warehouse.profile

.venv/installed: requirements.lock
	@$(PYTHON) -c '$(SUPPORTED)' || \
		{ echo "error: $(PYTHON) is not Python 3.11 to 3.13; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	@touch $@

load: setup ## Load all sources, or some: make load SOURCES="neon posthog"
	$(BIN)/python -m loaders $(SOURCES)

check: setup ## Look at each source, the warehouse and this machine, and load nothing
	$(BIN)/python -m loaders --check

build: setup ## Build and test the marts, with the statistics of the lift
	$(BIN)/dbt build --quiet --exclude source:lift+ source:insights+
	$(MAKE) --no-print-directory lift

lift: setup ## Run the statistics step, then build what reads it
	$(BIN)/python -m steps.lift
	$(BIN)/dbt build --quiet --select source:lift+ source:insights+

insights: setup ## Ask a language model about conversations, then build what reads it
	$(BIN)/python -m steps.insights
	$(BIN)/dbt build --quiet --select source:insights+

night: setup ## Load, build, test, publish, report, export, summarise: as every night
	$(BIN)/python -m steps.night

publish: setup ## Show readers what the last build and its tests made
	$(BIN)/python -m steps.publish

roles: setup ## Print the SQL of the least roles on Postgres; --apply runs it
	@$(BIN)/python -m warehouse.roles

report: setup ## Print the lift of each campaign and write the folder reports
	$(BIN)/python -m steps.report

show: setup ## Look at a table: make show TABLE=core.dim_users LIMIT=5
	@$(BIN)/python -m steps.show $(TABLE) $(addprefix --limit=,$(LIMIT))

summary: setup ## Say what changed since yesterday, in ten lines, and tell Slack
	$(BIN)/python -m steps.summary

export: setup ## Write the training data of Alchemi to the folder exports
	$(BIN)/python -m steps.export

status: setup ## Show runs and alerts in one screen: make status DASHBOARD=recorder
	@$(BIN)/python -m steps.status $(DASHBOARD)

writeback: setup ## Show what would be sent back to PostHog, and send nothing
	$(BIN)/python -m steps.writeback verdicts segments

erase: setup ## Erase a person: make erase PERSON=ann@mail.example, or PERSON=app:ID
	@$(BIN)/python -m steps.erase "$$PERSON"

calibrate: setup ## Try the method where the truth is known: how often is it wrong?
	$(BIN)/python -m calibration

placebo: calibrate

test-quick: setup ## Check what needs no server and no browser, in three minutes
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python -m pytest $(QUICK)

test: lint ## Check everything, as CI does
	$(MAKE) --no-print-directory --jobs 3 test-integration test-loaders test-others

test-integration: setup
	$(PYTEST) $(BUILDING)

test-loaders: setup
	$(PYTEST) $(LOADING)

test-others: setup
	$(PYTEST) $(addprefix --ignore ,$(BUILDING) $(LOADING) tests/production)

test-production: setup ## Kill, fill and cut off whole nights, for an hour or more
	$(BIN)/python -m pytest tests/production

conformance: .venv-conformance/installed ## Check our HogQL by PostHog's grammar and on ClickHouse
	.venv-conformance/bin/python -m pytest conformance

.venv-conformance/installed: requirements.lock conformance/requirements.lock
	$(PYTHON) -m venv .venv-conformance
	.venv-conformance/bin/python -m pip install --quiet --requirement conformance/requirements.lock
	@touch $@

spark: .venv-spark/installed ## Build and test all of it on a Spark cluster, beside DuckDB
	$(SPARK_PYTEST) spark --ignore spark/test_models.py --ignore spark/test_night.py

spark-quick: .venv-spark/installed ## Check what Spark reads: models with nothing loaded, and unit tests
	$(SPARK_PYTEST) spark/test_models.py

spark-night: .venv-spark/installed ## Run a whole night on a Spark cluster, with its tests of data
	$(SPARK_PYTEST) spark/test_night.py

spark-cluster: .venv-spark/installed ## Run a Spark cluster on this machine until Ctrl-C
	@.venv-spark/bin/python -m spark.cluster

.venv-spark/installed: requirements.lock spark/requirements.lock
	$(PYTHON) -m venv .venv-spark
	.venv-spark/bin/python -m pip install --quiet --requirement spark/requirements.lock
	@touch $@

scheduling: .venv-scheduling/installed ## Run a night in Dagster, on a small demo world
	.venv-scheduling/bin/python -m warehouse.profile
	.venv-scheduling/bin/dbt parse --quiet
	.venv-scheduling/bin/python -m pytest scheduling

.venv-scheduling/installed: requirements.lock scheduling/requirements.lock
	$(PYTHON) -m venv .venv-scheduling
	.venv-scheduling/bin/python -m pip install --quiet --requirement scheduling/requirements.lock
	@touch $@

bi-test: setup .venv-bi/installed ## Show the dashboards of bi/ in a real Superset, on both engines
	$(PYTEST) bi

.venv-bi/installed: bi/requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "error: Superset needs Python 3.11; name it: make PYTHON=python3.11 bi-test"; exit 1; }
	$(PYTHON) -m venv .venv-bi
	.venv-bi/bin/python -m pip install --quiet --requirement bi/requirements.lock
	@touch $@

lint: setup ## Check the style of Python and SQL
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/sqlfluff lint --processes 2 models tests macros

format: setup ## Mend the style of Python and SQL
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/sqlfluff fix --processes 2 models tests macros

docs: setup ## Document models and statistics in the folder target
	$(BIN)/dbt docs generate --static
	$(BIN)/pdoc lift_statistics --docformat google --output-directory target/lift_statistics

bench: setup ## Measure, side by side
	$(BIN)/python -m benchmarks.windows
	$(BIN)/python -m benchmarks.outer_join
	$(BIN)/python -m benchmarks.load
	$(BIN)/python -m benchmarks.statistics
	$(BIN)/python -m benchmarks.lift
	$(BIN)/python -m benchmarks.insights
	$(BIN)/python -m benchmarks.insight_texts
	$(BIN)/python -m benchmarks.telemetry

clean: ## Remove what can be made again; the warehouse stays
	rm -rf reports reports.* target logs data/demo data/dlt
