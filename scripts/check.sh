#!/usr/bin/env bash
# Everything that can be said of the project without running it; all of it is said before the verdict.
set -uo pipefail
bin=.venv/bin
failed=()
step() { # NAME COMMAND...
  echo "== $1"
  "${@:2}" || failed+=("$1")
}
step "ruff check" $bin/ruff check .
step "ruff format" $bin/ruff format --check .
step "mypy" $bin/mypy
step "house" $bin/python -m pytest -q tests/test_house.py tests/test_house_files.py
step "audit" $bin/python scripts/audit.py requirements.lock
if [ ${#failed[@]} -gt 0 ]; then
  (IFS=,; echo "make check: failed: ${failed[*]}" >&2)
  exit 1
fi
echo "make check: all well"
