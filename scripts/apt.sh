#!/usr/bin/env bash
# Install Debian packages as root without a question: apt.sh PACKAGE...
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "Installing $* with apt ..." >&2
install() { apt-get install -y -qq --no-install-recommends "$@" </dev/null >"$log" 2>&1; }
# A machine's package lists may be missing or old: refresh them only when the first try fails.
if ! install "$@" && ! { apt-get update -qq </dev/null >"$log" 2>&1 && install "$@"; }; then
  tail -n 5 "$log" >&2
  echo "apt could not install: $*" >&2
  exit 1
fi
