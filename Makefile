# make run: the product at http://localhost:8000.  make test: the whole suite.  make help: the rest.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
# What the tests need from Debian; `make packages` installs it.
PACKAGES := chromium poppler-utils fonts-noto-cjk gettext libreoffice-calc-nogui libreoffice-writer-nogui qpdf \
  default-jre-headless libpdfbox2-java libactivation-java libjaxb-api-java
MISSING = $(shell for p in $(PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || echo $$p; done)

COMPILE = $(BIN)/uv pip compile --python-version 3.13 --generate-hashes --no-header --no-emit-index-url \
  --no-emit-find-links --quiet

.PHONY: run test lint format bench lock messages packages help

run: .venv/installed  ## prepare what is missing and serve (HOST, PORT)
	@exec $(BIN)/python manage.py start --demo --host $(HOST) --port $(PORT)

test: .venv/installed  ## the whole suite; on PostgreSQL too where TEST_POSTGRES_URL is set
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && [ -n "$(strip $(MISSING))" ]; then $(MAKE) --no-print-directory packages; fi
	@$(BIN)/python manage.py prepare_fonts
	$(BIN)/python -m pytest -n 3 --dist worksteal $(ARGS)
	@if [ -n "$$TEST_POSTGRES_URL" ]; then echo "again on PostgreSQL: what is sensitive to the database"; \
	  DATABASE_URL="$$TEST_POSTGRES_URL" $(BIN)/python -m pytest -n 3 --dist worksteal -m database $(ARGS); fi

lint: .venv/installed  ## ruff, djade, mypy, missing migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 6.0 $$(git ls-files 'templates/*.html')
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run

format: .venv/installed  ## let ruff and djade rewrite what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 6.0 $$(git ls-files 'templates/*.html')

bench: .venv/bench  ## the report beside naive platypus and WeasyPrint: ms a page, ratios, memory; other forms; autosave; a batch of 50 cities
	@$(BIN)/python manage.py prepare_fonts
	$(BIN)/python -m benchmarks.report
	$(BIN)/python -m benchmarks.scaling
	$(BIN)/python -m benchmarks.forms
	$(BIN)/python -m benchmarks.autosave
	$(BIN)/python -m benchmarks.batch

lock: .venv/installed  ## write the locks anew from pyproject.toml
	$(COMPILE) pyproject.toml --extra dev --upgrade --output-file requirements.lock
	$(COMPILE) --group bench --constraint requirements.lock --output-file benchmarks/requirements.lock

messages: .venv/installed  ## gather the strings to translate, and compile the catalogue
	$(BIN)/python manage.py makemessages --locale zh_Hans --no-wrap --no-location --no-obsolete \
	  --ignore .venv --ignore var --ignore tests --ignore benchmarks
	$(BIN)/python manage.py compilemessages --locale zh_Hans --ignore .venv

packages:  ## install the Debian packages that the tests need
	@if [ -n "$(strip $(MISSING))" ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PACKAGES); fi

.venv/installed: requirements.lock
	@python=$$(for p in python3.13 python3 python $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.1[3-9]*/bin/python; do \
	  command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 13))' 2>/dev/null && echo $$p && break; done); \
	if [ -z "$$python" ]; then echo "需要 Python 3.13 或更高版本，当前是：$$(python3 --version 2>&1)。请先运行 pyenv install 3.13。"; exit 1; fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then echo "这个 Python 没有 venv：请安装 python3-venv，或使用 pyenv 的 Python。"; exit 1; fi; \
	echo "安装依赖到 .venv（首次约 1 分钟）…"; \
	$$python -m venv .venv && $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/bench: .venv/installed benchmarks/requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock
	@touch $@

help:
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12
