#!/usr/bin/env bash
# Make the environment $1 hold exactly requirements/$2.lock, hashes checked, and this project as an editable install.
set -euo pipefail
venv=$1
lock=$2

# uv does not read pip's configuration; a mirror that the machine gives pip is meant for uv too.
if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
  mirror=$("$venv/bin/python" -m pip config get global.index-url 2>/dev/null || true)
  if [ -n "${PIP_INDEX_URL:-$mirror}" ]; then export UV_DEFAULT_INDEX="${PIP_INDEX_URL:-$mirror}"; fi
fi
echo "Installing requirements/$lock.lock …"
"$venv/bin/uv" pip sync --quiet --python "$venv/bin/python" --require-hashes "requirements/$lock.lock"
"$venv/bin/uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --editable .
