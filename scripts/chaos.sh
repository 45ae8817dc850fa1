#!/usr/bin/env bash
# The long fault runs: one process killed again and again, then several processes of one installation.
set -uo pipefail
good=0
.venv/bin/python tests/chaos/run.py "$@" || good=1
if [ $# = 0 ]; then # chosen runs are run alone
  need="long"
  scripts/system.sh redis || need="$need and not redis"
  .venv/bin/python -m pytest -q -m "$need" tests/chaos || good=1
fi
exit $good
