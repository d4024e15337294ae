#!/usr/bin/env bash
# The official clients for Python and JavaScript, unmodified, against the emulator over https. They
# sign in at the emulator too. Needs python3 (with venv), Node.js 20 or newer, npm and a built program:
# target/debug/apicenter, or the one that APICENTER names. Each file ends with the number of its checks.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
readonly TARGET_FOLDER="${CARGO_TARGET_DIR:-$PWD/../../target}"
readonly PROGRAM="${APICENTER:-$TARGET_FOLDER/debug/apicenter}"
readonly PYTHON="$TARGET_FOLDER/tmp/sdk-python"
WORK="$(mktemp -d)"
readonly WORK
emulator=''
trap '[[ -z "$emulator" ]] || kill "$emulator"; rm -rf "$WORK"' EXIT

tools() {
    if [[ ! -d node_modules || package-lock.json -nt node_modules ]]; then
        npm ci --no-audit --no-fund --silent
        touch node_modules
    fi
    if [[ ! -f "$PYTHON/done" || requirements.txt -nt "$PYTHON/done" ]]; then
        python3 -m venv --clear "$PYTHON"
        "$PYTHON/bin/pip" install --quiet --requirement requirements.txt
        touch "$PYTHON/done"
    fi
}

# Small pages and small exports, so that clients have to follow links.
serve() {
    echo 'the right secret' > "$WORK/secret"
    "$PROGRAM" -q emulator --https --certificate "$WORK/ca.pem" --require-login \
        --client-secret-file "$WORK/secret" --page-size 3 --seed-delay-ms 3600000 \
        --export-link-above 2000 --replication-delay-ms 300 > "$WORK/address" &
    emulator=$!
    for _ in $(seq 100); do
        [[ -s "$WORK/address" ]] && break
        sleep 0.1
    done
    EMULATOR="$(cat "$WORK/address")"
    export EMULATOR
}

tools
serve
# All that a client needs to be told besides the address: whom to trust. No proxy leads to loopback.
export REQUESTS_CA_BUNDLE="$WORK/ca.pem" NODE_EXTRA_CA_CERTS="$WORK/ca.pem" NO_PROXY=127.0.0.1,localhost
"$PYTHON/bin/python" -W error::DeprecationWarning:__main__ client.py
node client.mjs
