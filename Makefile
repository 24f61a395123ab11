# Settings are environment variables (README.md): make run SARABAN_PORT=8090 SARABAN_PROFILE=postgresql
.PHONY: help run start stop status test demo-data clean
.DEFAULT_GOAL := help
CORPUS ?= ../shared/corpus/thaigov.jsonl.gz
AGENCY ?= permanent-secretary-secretariat

help: ## Tell what there is
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

run: ## Install and build what is missing, then serve in the foreground until Ctrl-C
	@instance/prepare
	@exec instance/control run

start: ## The same in the background
	@instance/prepare
	@instance/control start

stop: ## Stop what `make start` started
	@instance/control stop

status: ## Tell what runs
	@instance/control status

test: ## Run the whole test suite (some of it: make test ARGS="tests/thai -x")
	@instance/prepare test
	@bin/pytest $(ARGS)

demo-data: ## Register the texts of CORPUS in the demo city: as incoming letters of AGENCY
	@instance/prepare
	@bin/saraban load "$(CORPUS)" --to "$(AGENCY)" || [ $$? -eq 3 ]

clean: ## Remove what was built; data in instance/var stays
	@rm -rf bin develop-eggs eggs parts .installed.cfg .venv src/*.egg-info .mypy_cache .pytest_cache .ruff_cache
