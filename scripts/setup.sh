#!/usr/bin/env bash
# Fill .venv with exactly what a lock names, hashes checked, and mostik itself: setup.sh WHAT LOCK
set -euo pipefail
what=$1 lock=$2
python=.venv/bin/python
log=.venv/.setup.log
export UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
unset VIRTUAL_ENV PYTHONHOME PYTHONPATH

# A virtual environment with pip; half-made ones are made again.
make_venv() {
  $python -m pip --version >/dev/null 2>&1 && return
  local base package
  base=$(scripts/python.sh)
  if ! "$base" -c 'import venv, ensurepip' 2>/dev/null; then
    package=$("$base" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
      echo "Mostik needs Python's venv module: install the package $package and run make again." >&2
      exit 1
    fi
    scripts/apt.sh "$package"
  fi
  rm -rf .venv
  "$base" -m venv .venv
}

# The installer itself: uv where it runs, setuptools always (mostik is built with it, isolation off).
bootstrap() {
  $python -m pip install --quiet --require-hashes --only-binary :all: -r requirements-setup.lock >"$log" 2>&1 && return
  awk '/^[a-z]/ {keep = /^setuptools==/} keep' requirements-setup.lock >.venv/setuptools.lock
  $python -m pip install --quiet --require-hashes -r .venv/setuptools.lock >>"$log" 2>&1
}

with_uv() {
  local uv=.venv/bin/uv
  [ -x $uv ] || return 1
  # Compiled here once: else every process that starts does it again where Python may not write (a second of it each).
  $uv pip sync --quiet --compile-bytecode --python $python --require-hashes "$lock" requirements-setup.lock &&
    $uv pip install --quiet --python $python --no-deps --no-build-isolation -C editable_mode=compat -e .
}

with_pip() {
  $python -m pip install --quiet --require-hashes -r "$lock" &&
    $python -m pip install --quiet --no-deps --no-build-isolation -C editable_mode=compat -e .
}

echo "Setting up .venv ($what) ..." >&2
make_venv
if ! bootstrap; then
  tail -n 5 "$log" >&2
  echo "Setting up failed: the package registry gave no installer (the lines above; all of them in $log)." >&2
  exit 1
fi
if ! with_uv >>"$log" 2>&1; then
  echo "uv could not install $lock; trying pip, which is slower ..." >&2
  if ! with_pip >>"$log" 2>&1; then
    tail -n 5 "$log" >&2
    echo "Setting up failed (the lines above; all of them in $log)." >&2
    exit 1
  fi
fi
