# Two commands: `make demo` and `make test`. Both prepare .venv first (`make setup` does only that).

# Any Python from 3.6 on may run the bootstrap; it then looks for a newer one. Each is run, as a shim may be broken.
PYTHON = $(shell for p in python3 python3.13 python3.14 python3.12 /usr/bin/python3 /usr/local/bin/python3 \
	"$$PYENV_ROOT"/versions/3.*/bin/python3 "$$HOME"/.pyenv/versions/3.*/bin/python3 "$$HOME"/.local/bin/python3.*; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 6))' 2>/dev/null && echo "$$p" && break; done)
BOOTSTRAP = @p="$(PYTHON)"; if [ -z "$$p" ]; then \
	echo "缺少 Python：请先安装 Python 3.12 或更高版本。/ Python is missing: install Python 3.12 or newer."; exit 1; fi; \
	"$$p" tools/bootstrap.py

.PHONY: help setup demo test lint lock bench

help:
	@echo "make demo   启动演示环境 / start the demonstration on http://127.0.0.1:8000"
	@echo "make test   全部检查与测试 / every check and test"
	@echo "make setup  只准备 .venv / prepare .venv only"
	@echo "make lint   代码风格与类型 / style and types only"
	@echo "make bench  测量速度（docs/benchmarks.md）：FIGURE=build_raw SIZE=50000；不写则全部 / measure a figure, or all"
	@echo "make lock   按 pyproject.toml 更新锁定文件 / renew the lock files"

setup:
	$(BOOTSTRAP)

demo: setup
	@exec .venv/bin/python manage.py demo $(ARGS)

test:
	$(BOOTSTRAP) --dev
	@exec .venv/bin/python tools/checks.py $(ARGS)

lint:
	$(BOOTSTRAP) --dev
	@exec .venv/bin/python tools/checks.py --only lint

COMPILE = .tools/bin/uv pip compile --universal --generate-hashes --no-header -q

bench:
	$(BOOTSTRAP) --dev
	@exec .venv/bin/python -m benchmarks$(addprefix .,$(FIGURE)) $(SIZE)

lock: setup
	$(COMPILE) --upgrade pyproject.toml -o requirements.txt
	$(COMPILE) --upgrade --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	echo uv | $(COMPILE) --upgrade - -o tools/requirements-uv.txt
	.venv/bin/python tools/licences.py
