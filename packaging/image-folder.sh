#!/usr/bin/env bash
# Lays out what packaging/Dockerfile takes, from the archives of a release.
#
#   packaging/image-folder.sh DIST FOLDER [CERTIFICATES]
set -euo pipefail
dist="$1" folder="$2" certificates="${3:-/etc/ssl/certs/ca-certificates.crt}"
mkdir -p "$folder/files/etc/ssl/certs" "$folder/files/tmp"
cp "$certificates" "$folder/files/etc/ssl/certs/ca-certificates.crt"
chmod -R u=rwX,go=rX "$folder/files"
chmod 1777 "$folder/files/tmp"
for pair in amd64:x86_64 arm64:aarch64; do
    archives=("$dist"/apicenter-*-"${pair#*:}"-unknown-linux-musl.tar.gz)
    if ((${#archives[@]} != 1)) || [[ ! -f "${archives[0]}" ]]; then
        echo "error: expected one archive for ${pair#*:} in $dist" >&2
        exit 1
    fi
    mkdir -p "$folder/${pair%:*}"
    tar --extract --gzip --file "${archives[0]}" --directory "$folder/${pair%:*}" --strip-components=1 --wildcards '*/apicenter'
done
