#!/bin/sh
# Looks at the pages of `plan --format html` and `site` in a real browser. Needs node, npm and either Chromium or
# the right to install Debian's. Arguments go to the test: `--screenshots DIR`.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v chromium >/dev/null; then
    apt-get update -qq
    apt-get install -y -qq chromium >/dev/null
fi
npm ci --prefix tests/browser --silent --no-fund --no-audit
cargo test --quiet --test integration output::html::pages_for_the_browser >/dev/null
target="${CARGO_TARGET_DIR:-target}"

# The first plan of the example, against an emulator that nobody has used.
example="$(mktemp -d)"
trap 'rm -rf "$example"' EXIT
cp -R examples/contoso/. "$example"
rm -rf "$example/.apicenter"
cargo run --quiet -- -C "$example" plan --format html >"$target/tmp/pages/contoso.html" 2>/dev/null

node tests/browser/page.test.js "$target/tmp/pages" "$@"

cargo run --quiet -- -C "$example" site --out "$example/site" >/dev/null 2>&1
node tests/browser/site.test.js "$example/site" "$@"
