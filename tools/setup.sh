#!/bin/sh
# Makes .venv ready for a lock file:  tools/setup.sh requirements.lock | requirements-dev.lock
# Does nothing when .venv already holds exactly that lock. Needs Python >= 3.11 and no C compiler.
set -eu
cd "$(dirname "$0")/.."
lock=$1
say() { printf '%s\n' "$*" >&2; }

# The environment belongs to this folder, this lock and this build file; when any changes, install.
fingerprint() { { pwd; cat "$1" pyproject.toml; } | cksum; }
holds() { [ "$(cat ".venv/.$1.stamp" 2>/dev/null)" = "$(fingerprint "$1")" ]; }

if .venv/bin/python -c '' 2>/dev/null; then
    # What development needs includes what running needs.
    if holds "$lock" || holds requirements-dev.lock; then exit 0; fi
fi

# A name on PATH may be a shim that cannot run: believe only what a trial says.
good() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
whole() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }
python=
fallback=
for name in python3.14 python3.13 python3.12 python3.11 python3 python; do
    good "$name" || continue
    fallback=${fallback:-$name}
    if whole "$name"; then python=$name; break; fi
done
if [ -z "$fallback" ]; then
    say "需要 Python 3.11 或更高版本；PATH 中没有找到。请安装后重试。"
    say "Python 3.11 or newer is needed and none is on PATH. Install one and run make again."
    exit 1
fi
if [ -z "$python" ]; then
    package=$("$fallback" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "$fallback lacks its venv module: installing $package"
        apt-get update -qq && apt-get install -y -qq "$package" >/dev/null
    fi
    if ! whole "$fallback"; then
        say "$fallback 缺少 venv 模块。请先运行：apt-get install $package"
        say "$fallback lacks its venv module. Run first: apt-get install $package"
        exit 1
    fi
    python=$fallback
fi

# Scripts inside .venv know the folder they were made in: a moved or broken one is made anew.
if [ -d .venv ]; then
    home=$(cat .venv/.home 2>/dev/null || true)
    if [ "$home" != "$(pwd)" ] || ! .venv/bin/python -c 'import pip' 2>/dev/null; then rm -rf .venv; fi
fi
if [ ! -d .venv ]; then
    say "正在创建 .venv · making .venv with $("$python" --version)"
    "$python" -m venv .venv
    pwd >.venv/.home
fi

say "正在安装依赖 · installing what $lock names"
pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet "$@"; }
pip install --require-hashes --only-binary :all: --requirement "$lock"
pip install --no-deps --no-build-isolation --editable .
fingerprint "$lock" >".venv/.$lock.stamp"
