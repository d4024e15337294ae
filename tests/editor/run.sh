#!/usr/bin/env bash
# The schemas in the language server that editors use. Needs Node.js 20 or newer, npm and a built
# program: target/debug/apicenter, or the one that APICENTER names. The last line is the count.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if [[ ! -d node_modules || package-lock.json -nt node_modules ]]; then
    npm ci --no-audit --no-fund --silent
    touch node_modules
fi
exec node main.mjs
