#!/usr/bin/env bash
# Makes .venv in this checkout match uv.lock, on a machine that has git, make and Python 3.11 to 3.13.
# Says nothing and takes no time when it already does. Needs no rights outside the checkout and the user's cache.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

stamp=.venv/.synced
uv_wanted='uv>=0.9,<1'
export UV_PYTHON_DOWNLOADS=never
# The environment is this checkout's, whatever environment the caller has activated.
unset VIRTUAL_ENV

say() { printf '%s\n' "$*" >&2; }

locked_state() { cat uv.lock pyproject.toml | cksum; }

find_python() {
    local candidate
    for candidate in python3.13 python3.12 python3.11 python3 python; do
        # A shim of pyenv may be on PATH without an interpreter behind it, hence the run.
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

find_uv() {
    local candidate
    for candidate in "$(command -v uv || true)" .tools/uv/bin/uv; do
        if [ -n "$candidate" ] && "$candidate" --version >/dev/null 2>&1; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    return 1
}

install_uv() {
    local pip
    rm -rf .tools/uv
    mkdir -p .tools
    if "$1" -m venv .tools/uv >/dev/null 2>&1 && .tools/uv/bin/python -m pip --version >/dev/null 2>&1; then
        pip=(.tools/uv/bin/python -m pip install)
    elif "$1" -m pip --version >/dev/null 2>&1; then
        # Debian without python3-venv: pip alone is enough, its target folder has the same bin/uv.
        rm -rf .tools/uv
        pip=("$1" -m pip install --target .tools/uv)
    else
        rm -rf .tools/uv
        return 1
    fi
    say "uv is not installed: putting it into .tools/uv"
    "${pip[@]}" --quiet "$uv_wanted" >&2
}

if [ -x .venv/bin/python ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(locked_state)" ]; then
    exit 0
fi

if ! python=$(find_python); then
    say "Python 3.11, 3.12 or 3.13 is needed and none was found: install one (for example: apt install python3 python3-venv)."
    exit 1
fi
if ! uv=$(find_uv); then
    if ! install_uv "$python" || ! uv=$(find_uv); then
        say "uv could not be installed: install it (https://docs.astral.sh/uv/), or python3-venv, or python3-pip, and try again."
        exit 1
    fi
fi

# Compiled once here: else every start of a service compiles its libraries again where Python may not write beside them.
say "Installing what uv.lock names into .venv (downloads are shared through $("$uv" cache dir))"
if [ -x .venv/bin/python ]; then
    # Named again, another path to the same interpreter would make uv throw the environment away.
    "$uv" sync --frozen --quiet --compile-bytecode
else
    "$uv" sync --frozen --quiet --compile-bytecode --python "$python"
fi
locked_state >"$stamp"
