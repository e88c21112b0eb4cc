.PHONY: check test quickstart

check:  ## linters
	ruff check .
	ruff format --check .
	mlinter configuration modeling tokenization

test:  ## the tests, offline
	pytest

quickstart:  ## train, evaluate and reload a small model, offline
	labelwise quickstart --overwrite
