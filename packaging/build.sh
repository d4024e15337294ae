#!/usr/bin/env bash
# Builds the program for a platform, and prints where it is. Installs what is missing: the Rust of Cargo.toml, its
# library for the platform, and on Debian or Ubuntu a C compiler for it: for Linux (musl) on this or another machine,
# and for Windows (-gnu).
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

# compiler PROGRAM PACKAGE: installs the package of a C compiler that is missing.
compiler() {
    ! command -v "$1" > /dev/null || return 0
    command -v apt-get > /dev/null || exit 3
    local as_root=()
    [[ "$(id -u)" == 0 ]] || as_root=(sudo)
    "${as_root[@]}" apt-get update -qq >&2 || exit 3
    "${as_root[@]}" apt-get install -y -qq "$2" >&2 || exit 3
}

machine="${target%%-*}"
case "$target" in
    "$(uname -m)"-*-linux-musl) compiler musl-gcc musl-tools ;;
    *-linux-musl)
        compiler "$machine-linux-gnu-gcc" "gcc-${machine/_/-}-linux-gnu"
        variable="${target//-/_}"
        export "CC_$variable=$machine-linux-gnu-gcc" "AR_$variable=$machine-linux-gnu-ar"
        export "CARGO_TARGET_${variable^^}_LINKER=$machine-linux-gnu-gcc"
        # The headers are those of glibc, whose checking variants of functions musl does not have.
        export "CFLAGS_$variable=-U_FORTIFY_SOURCE"
        ;;
    *-windows-gnu)
        compiler "$machine-w64-mingw32-gcc" "gcc-mingw-w64-${machine/_/-}"
        # One crate is partly in assembler; it has the result for Windows with it.
        export AWS_LC_SYS_PREBUILT_NASM=1
        ;;
esac

cargo build --locked --profile "$profile" --target "$target" >&2
folder="$profile"
[[ "$profile" != dev ]] || folder=debug
suffix=''
[[ "$target" != *-windows-* ]] || suffix=.exe
printf '%s\n' "${CARGO_TARGET_DIR:-target}/$target/$folder/apicenter$suffix"
