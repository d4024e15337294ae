#!/bin/sh
# Installs apicenter @VERSION@ for Linux or macOS, after its checksum was verified against the one in this script.
#
#   sh install.sh [FOLDER]        into FOLDER, or $HOME/.local/bin
#
# APICENTER_INSTALL_FROM is another place of the archives: a folder, or an address that begins with https://.
set -eu

version='@VERSION@'
from="${APICENTER_INSTALL_FROM:-@DOWNLOADS@}"
folder="${1:-${HOME:?HOME is not set, so a folder is required: sh install.sh FOLDER}/.local/bin}"

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

target='' sha256=''
case "$(uname -s):$(uname -m)" in
@PLATFORMS@
    Darwin:aarch64) fail 'run this script in the native shell of the machine' ;;
    *) fail "there is no apicenter for $(uname -s) on $(uname -m); build it from source: @REPOSITORY@" ;;
esac

archive="apicenter-$version-$target.tar.gz"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

case "$from" in
    https://*)
        command -v curl > /dev/null || fail 'curl is required'
        curl --fail --silent --show-error --location --proto '=https' --output "$work/$archive" "$from/$archive" \
            || fail "cannot download $from/$archive"
        ;;
    *://*) fail "$from must be a folder or begin with https://" ;;
    *)
        [ -f "$from/$archive" ] || fail "$from/$archive does not exist"
        cp "$from/$archive" "$work/"
        ;;
esac

if command -v sha256sum > /dev/null; then
    found="$(sha256sum "$work/$archive")"
else
    found="$(shasum -a 256 "$work/$archive")"
fi
[ "${found%% *}" = "$sha256" ] \
    || fail "the checksum of $archive is ${found%% *}, expected $sha256; nothing was installed"

tar -xzf "$work/$archive" -C "$work"
mkdir -p "$folder"
# Beside its place first, so that a running program is replaced as a whole.
cp "$work/apicenter-$version-$target/apicenter" "$folder/.apicenter.new"
chmod 755 "$folder/.apicenter.new"
mv "$folder/.apicenter.new" "$folder/apicenter"
printf 'installed %s\n' "$folder/apicenter"
case ":${PATH:-}:" in
    *":$folder:"*) ;;
    *) printf 'add %s to your PATH\n' "$folder" ;;
esac
