#!/bin/sh
# Print the path of a Python that is new enough; the floor is that of scikit-learn, rapidfuzz and pymongo.
set -eu
for name in python3 python3.11 python3.12 python3.13 python3.14; do
  path=$(command -v "$name" 2>/dev/null) || continue
  if "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "$path"
    exit 0
  fi
done
found=$(python3 --version 2>/dev/null || echo "no python3")
echo "Mostik needs Python 3.11 or newer; found $found. Install it and run make again." >&2
exit 1
