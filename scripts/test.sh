#!/usr/bin/env bash
# Run every test but the long fault runs and the benchmarks; arguments go to pytest.
set -euo pipefail
left_out=()
incomplete=
need() { # MARKER COMMAND: where it fails, CI fails and a person's machine leaves the marked tests out, aloud
  local marker=$1
  "${@:2}" && return
  if [ "${CI:-}" = true ]; then
    incomplete=1
    return
  fi
  echo "Tests marked \"$marker\" are left out." >&2
  left_out+=("$marker")
}
browser() { # Chromium's shell without windows is quicker; where none can be had, the whole browser does.
  scripts/system.sh shell emoji && return
  echo "Chromium is taken instead: tests of the browser take longer." >&2
  scripts/system.sh chromium emoji
}
need redis scripts/system.sh redis
need browser browser
need mongo scripts/mongo.sh
if [ -n "$incomplete" ]; then
  echo "CI runs every test: install what is missing." >&2
  exit 1
fi
expression="not long"
for marker in "${left_out[@]}"; do expression="$expression and not $marker"; done
# Hundreds of processes start in a run, four at a time: none compiles again what another has, none takes all cores for
# its arithmetic.
unset PYTHONDONTWRITEBYTECODE
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
# Tests wait for servers and clocks more than they count: two workers a core, and four at most, for more would only
# starve each other's browsers. A file stays with one worker: what it shares is made once. Which file comes when is said
# by tests/conftest.py.
# A test that hangs is told by its name and fails; the longest takes a minute and a half on a busy machine.
limit="--max-worker-restart 1 -o faulthandler_timeout=400 -o faulthandler_exit_on_timeout=true"
workers=$(($(getconf _NPROCESSORS_ONLN) * 2))
# shellcheck disable=SC2086 # several words
exec .venv/bin/python -m pytest -n $((workers < 4 ? workers : 4)) --dist loadfile --no-loadscope-reorder $limit -m "$expression" "$@"
