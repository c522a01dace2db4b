# gongdao 公道. `make help` lists what can be made; each line after ## is its help.
.DEFAULT_GOAL := help
.PHONY: help setup setup-run demo serve test check bench fmt lock
BIN := .venv/bin

help: ## what can be made 列出所有命令
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: ## .venv with everything for development 开发环境
	@sh tools/setup.sh requirements-dev.lock

setup-run:
	@sh tools/setup.sh requirements.lock

demo: setup-run ## a generated marketplace, from orders to a balanced ledger 演示
	@$(BIN)/gongdao demo

serve: setup-run ## the web pages and the worker on this machine 启动网页与后台任务
	@$(BIN)/gongdao serve --with-worker

test: setup ## every test; browser tests need Chromium (root: installed by apt) 全部测试
	@sh tools/chromium.sh
	@$(BIN)/python -m pytest -n 2

check: setup ## formatting, lint, types, layers, rulebooks, docs 静态检查
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/pyright
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/gongdao rules check
	$(BIN)/gongdao rules test
	$(BIN)/gongdao db migrations --check
	$(BIN)/gongdao translations --check
	$(BIN)/gongdao docs --check

bench: setup ## every speed claim, a ratio each into bench/report.json; NAME=firing runs one 性能
	@$(BIN)/python -m bench $(NAME)

fmt: setup ## format and repair what a machine can 格式化
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: setup ## both lock files anew from pyproject.toml 更新依赖锁
	@sh tools/lock.sh
