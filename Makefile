.PHONY: check test test-slow hostile kills quickstart bench options

check:  ## linters
	ruff check .
	ruff format --check .
	mlinter configuration modeling tokenization

test:  ## the quick tests, offline
	pytest

test-slow:  ## the tests that start processes or take over 5 s
	pytest -n 0 -m slow

hostile:  ## all hostile inputs: readers, inputs, outputs, options, model folders
	pytest -m hostile tests/hostile

kills:  ## each training and each command that replaces files, killed 20 times
	pytest -n 0 -m hostile tests/hostile/test_kills.py --kills 20

quickstart:  ## train, evaluate and reload a small model, offline
	labelwise quickstart --overwrite

bench:  ## the benchmark's short form, beside the ratios that were last recorded
	python -m benchmarks.side_by_side --quick --compare_to docs/performance/quick.json

options:  ## describe the options of all commands anew, after any of them changed
	python -m labelwise_cli.describe
