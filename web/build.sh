#!/usr/bin/env bash
# Builds chassis/pages/static from web/ with the Node of .venv. Says nothing and takes no time when nothing changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

export PATH="$PWD/../.venv/bin:$PATH"
# Whom this machine trusts, npm trusts too: a network may look at what passes with a certificate of its own.
export NODE_OPTIONS=--use-system-ca
built=../chassis/pages/static/.built

say() { printf '%s\n' "$*" >&2; }

packages_state() { cat package.json package-lock.json .npmrc | cksum; }
sources_state() { find package-lock.json build.js scripts styles charts -type f | LC_ALL=C sort | xargs cksum | cksum; }

wanted=$(sources_state)
if [ -f "$built" ] && [ "$(cat "$built")" = "$wanted" ]; then
    exit 0
fi
if [ ! -f node_modules/.locked ] || [ "$(cat node_modules/.locked)" != "$(packages_state)" ]; then
    say "Installing what web/package-lock.json names"
    npm ci --loglevel=error >&2
    packages_state >node_modules/.locked
fi
say "Building scripts and styles"
node build.js
printf '%s\n' "$wanted" >"$built"
