#!/usr/bin/env bash
# Writes apicenter.cdx.json, a CycloneDX list of all crates in the program, to a folder. Installs the tool for
# it if it is missing, into the folder TOOLS/bin if one is given.
#
#   packaging/sbom.sh FOLDER [TOOLS]
set -euo pipefail
mkdir -p "$1"
out="$(cd "$1" && pwd)"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v cargo-cyclonedx > /dev/null || cargo install cargo-cyclonedx --version 0.5.9 --locked ${2:+--root "$2"}
# Same inputs, same bytes: a time that is given, and no random number.
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2> /dev/null || echo 0)}"
# It writes beside Cargo.toml.
trap 'rm -f apicenter.cdx.json' EXIT
cargo cyclonedx --format json --spec-version 1.5 --target all --override-filename apicenter.cdx
# The program is in no registry, and where it was built is nobody's business.
sed -E -e 's|path\+file://[^"#]*#apicenter@|apicenter@|g' \
    -e 's|pkg:cargo/apicenter@([^"?]*)\?download_url=file://\.|pkg:generic/apicenter@\1|g' \
    apicenter.cdx.json > "$out/apicenter.cdx.json"
