.DEFAULT_GOAL := help
.PHONY: help check test test-slow hostile kills docs quickstart bench options

help:  ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

check:  ## linters
	ruff check .
	ruff format --check .
	mlinter configuration modeling tokenization

test:  ## the quick tests, offline
	pytest

test-slow:  ## the tests that start processes or take over 5 s
	pytest --dist worksteal -m slow

hostile:  ## all hostile inputs: readers, inputs, outputs, options, model folders
	pytest -m hostile tests/hostile

docs:  ## the documentation site, strict and offline, into site/
	NO_MKDOCS_2_WARNING=1 mkdocs build --strict

kills:  ## each training and each command that replaces files, killed 20 times
	pytest -n 0 -m hostile tests/hostile/test_kills.py --kills 20

quickstart:  ## train, evaluate and reload a small model, offline
	labelwise quickstart --overwrite

bench:  ## the benchmark's short form, beside the ratios that were recorded on this machine
	python -m benchmarks.side_by_side --quick --compare_to docs/performance/quick_*.json

options:  ## describe the options of all commands anew, after any of them changed
	python -m labelwise_cli.describe
