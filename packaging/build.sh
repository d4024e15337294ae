#!/usr/bin/env bash
# Builds the program for a platform, and prints where it is. Installs what is missing: the Rust of Cargo.toml, its
# library for the platform, and on Debian or Ubuntu the C compiler for musl.
#
# It ends with 3 if something cannot be installed.
#
#   packaging/build.sh TARGET [PROFILE]        PROFILE is that of a release, dist, unless another is named
set -euo pipefail
target="$1" profile="${2:-dist}"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

rust="$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)"
# A release is built by this version, not by a newer one.
if [[ "$(rustc --version 2> /dev/null)" != "rustc $rust."* ]]; then
    rustup toolchain install "$rust" --profile minimal >&2 || exit 3
    export RUSTUP_TOOLCHAIN="$rust"
fi
rustup target list --installed | grep -qxF "$target" || rustup target add "$target" >&2 || exit 3
if [[ "$target" == *-linux-musl ]] && ! command -v musl-gcc > /dev/null; then
    as_root=()
    [[ "$(id -u)" == 0 ]] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq >&2 || exit 3
    "${as_root[@]}" apt-get install -y -qq musl-tools >&2 || exit 3
fi

cargo build --locked --profile "$profile" --target "$target" >&2
folder="$profile"
[[ "$profile" != dev ]] || folder=debug
suffix=''
[[ "$target" != *-windows-* ]] || suffix=.exe
printf '%s\n' "${CARGO_TARGET_DIR:-target}/$target/$folder/apicenter$suffix"
