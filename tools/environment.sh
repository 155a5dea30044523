#!/usr/bin/env bash
# Make the virtual environment $1 with a Python of at least 3.11, and put uv in it: pinned, its hash checked by pip.
set -euo pipefail
venv=$1

is_usable() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if ! { [ -x "$venv/bin/python" ] && is_usable "$venv/bin/python"; }; then
  python=""
  for candidate in ${PYTHON:-} python3.11 python3 python3.12 python3.13 python3.14; do
    if is_usable "$candidate"; then python=$candidate; break; fi
  done
  if [ -z "$python" ]; then
    echo "XinQiao needs Python 3.11 or newer with its venv module; none was found on the PATH." >&2
    echo "On Debian, as root: apt-get install python3 python3-venv. Or name one: make setup PYTHON=/path/to/python3" >&2
    exit 1
  fi
  echo "Making $venv with $("$python" -V) …"
  "$python" -m venv --clear "$venv"
fi
"$venv/bin/python" -m pip install --quiet --require-hashes --requirement requirements/boot.lock
