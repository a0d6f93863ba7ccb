# Everything is in waymark/bootstrap.py; a machine needs Python 3.11 (with venv) and make.
PYTHON ?= python3

help:
	@echo "make run    build what is missing and serve on PORT (8000)"
	@echo "make build  install the packages and build the front end, for a live server"
	@echo "make demo   build the demo world anew, up to today"
	@echo "make test   the whole suite; ARGS=\"-k word\" picks"
	@echo "make check  lint, types, imports, migrations, settings, documents, then the suite"
	@echo "make bench  the benchmarks; ONLY=name,name picks, JSON=file writes, FULL=1 is the largest"
	@echo "make kills  kill worker, web server and PostgreSQL while people work; count what is lost"
	@echo "make lock   pin the dependencies of pyproject.toml; ARGS=--upgrade takes newer ones"

build run demo test check bench kills lock:
	@command -v "$(PYTHON)" >/dev/null || { echo "Waymark needs Python 3.11 or newer, and $(PYTHON) is not here: install it (Debian: sudo apt-get install python3 python3-venv)."; exit 1; }
	@exec "$(PYTHON)" -m waymark.bootstrap $@

.PHONY: help build run demo test check bench kills lock
