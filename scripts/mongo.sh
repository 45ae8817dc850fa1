#!/usr/bin/env bash
# Fill .venv-mongo with the MongoDB wire server of the tests, which needs Python 3.13: looked for in MOSTIK_PYTHON313,
# on the PATH and among pyenv's. Exit 3: there is none, said in one line.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.venv-mongo
lock=requirements-mongo.lock
log=$venv/.setup.log
export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
unset VIRTUAL_ENV PYTHONHOME PYTHONPATH

fits() { [ -n "$1" ] && "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; }

find_python() {
  local candidate root
  root=$(pyenv root 2>/dev/null) || root=
  for candidate in "${MOSTIK_PYTHON313:-}" "$(command -v python3.13 2>/dev/null || true)" \
    ${root:+"$root"/versions/3.13*/bin/python}; do
    fits "$candidate" && echo "$candidate" && return
  done
  return 1
}

cmp -s $lock $venv/.ready && fits $venv/bin/python && exit 0
if ! base=$(find_python); then
  echo "Missing on this machine: Python 3.13, for the MongoDB wire server (MOSTIK_PYTHON313 may name it)" >&2
  exit 3
fi

echo "Setting up $venv ..." >&2
rm -rf $venv
"$base" -m venv $venv
with_uv() {
  [ -x .venv/bin/uv ] && .venv/bin/uv pip sync --quiet --python $venv/bin/python --require-hashes $lock
}
with_pip() { $venv/bin/python -m pip install --quiet --require-hashes -r $lock; }
if ! with_uv >$log 2>&1 && ! with_pip >>$log 2>&1; then
  tail -n 5 $log >&2
  echo "Setting up $venv failed (the lines above; all of them in $log)." >&2
  exit 1
fi
cp $lock $venv/.ready
