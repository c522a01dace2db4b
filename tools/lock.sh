#!/bin/sh
# Writes both locks anew from pyproject.toml. They hold hashes and name no host.
# requirements.lock      what running needs, with the prove extra
# requirements-dev.lock  the same versions, the analytics extra, and what `make test check bench` needs
set -eu
cd "$(dirname "$0")/.."
uv=.venv/bin/uv
compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-annotate --no-header \
        --extra prove --group build "$@" pyproject.toml
}
compile --upgrade --output-file requirements.lock
compile --upgrade --constraint requirements.lock --extra analytics --group dev --group bench --output-file requirements-dev.lock
