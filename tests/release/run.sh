#!/usr/bin/env bash
# Makes what a release consists of, as far as this machine can, and tries it: archives, checksums, installer,
# formula, metadata for cargo binstall, notes. The program is the debug build in each archive.
#
# Needs cargo, python3 and shellcheck. Where ruby or docker is missing, what needs them is skipped, and says so.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
cargo build --quiet --locked || exit 1
WORK="$(mktemp -d)"
readonly WORK DIST="$WORK/dist" REPOSITORY=https://git.example/contoso/apicenter
trap 'rm -rf "$WORK"' EXIT
VERSION="$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)"
readonly VERSION
passed=0
failed=0

# check WORDS COMMAND...: the command must succeed.
check() {
    local words="$1" output
    shift
    if output="$("$@" 2>&1)"; then
        passed=$((passed + 1))
        printf 'ok      %s\n' "$words"
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n%s\n' "$words" "$output"
    fi
}

refused() {
    ! "$@"
}

# fails WORDS COMMAND...: the command must fail and say these words.
fails() {
    local words="$1" output
    shift
    if output="$("$@" 2>&1)"; then
        echo "it succeeded: $output"
        return 1
    fi
    grep -qF -- "$words" <<< "$output" || { echo "$output"; return 1; }
}

same() {
    [[ "$1" == "$2" ]] || { diff <(printf '%s\n' "$1") <(printf '%s\n' "$2"); return 1; }
}

archives() {
    local target
    for target in x86_64-unknown-linux-musl aarch64-unknown-linux-musl x86_64-apple-darwin aarch64-apple-darwin; do
        check "an archive for $target" packaging/package.py archive "$target" "$WORK/apicenter" "$DIST"
    done
    cp "$WORK/apicenter" "$WORK/apicenter.exe"
    check 'an archive for Windows' \
        packaging/package.py archive x86_64-pc-windows-msvc "$WORK/apicenter.exe" "$DIST" --run "$WORK/apicenter"
    check 'a platform that no release has' fails 'is not a target of a release' \
        packaging/package.py archive sparc-sun-solaris "$WORK/apicenter" "$DIST"
    packaging/package.py archive x86_64-unknown-linux-musl "$WORK/apicenter" "$WORK/again" > "$WORK/path"
    check 'the same archive has the same bytes' cmp "$DIST/$(basename "$(cat "$WORK/path")")" "$(cat "$WORK/path")"

    local top="apicenter-$VERSION-x86_64-unknown-linux-musl" wanted
    tar --list --verbose --file "$DIST/$top.tar.gz" > "$WORK/list"
    for wanted in apicenter README.md LICENSE CHANGELOG.md completions/apicenter.bash completions/_apicenter \
        completions/apicenter.fish completions/_apicenter.ps1 man/apicenter.1 man/apicenter-plan.1; do
        check "the archive has $wanted" grep -qE " $top/${wanted}\$" "$WORK/list"
    done
    check 'the program may be run' grep -qE "^-rwxr-xr-x 0/0 .* $top/apicenter\$" "$WORK/list"
    check 'that of Windows has the program' python3 -c "import sys, zipfile
names = zipfile.ZipFile(sys.argv[1]).namelist()
sys.exit('apicenter-$VERSION-x86_64-pc-windows-msvc/apicenter.exe' not in names)" \
        "$DIST/apicenter-$VERSION-x86_64-pc-windows-msvc.zip"
}

# Where cargo binstall looks, by the metadata of Cargo.toml.
binstall() {
    python3 - "$VERSION" <<'PYTHON'
import sys, tomllib
settings = tomllib.load(open("Cargo.toml", "rb"))["package"]["metadata"]["binstall"]
for target, form, suffix in (("x86_64-unknown-linux-musl", "tgz", ".tar.gz"), ("x86_64-pc-windows-msvc", "zip", ".zip")):
    chosen = settings | settings.get("overrides", {}).get(target, {})
    assert chosen["pkg-fmt"] == form, target
    for field in ("pkg-url", "bin-dir"):
        text = chosen[field]
        for name, value in (("repo", "R"), ("version", sys.argv[1]), ("target", target), ("bin", "apicenter"),
                            ("archive-suffix", suffix), ("binary-ext", ".exe" if form == "zip" else "")):
            text = text.replace("{ %s }" % name, value)
        print(text)
PYTHON
}

finished() {
    check 'a release without one of its archives' fails 'is missing' \
        env -C "$WORK" "$PWD/packaging/package.py" finish "$REPOSITORY" "$WORK/again"
    check 'checksums, installer and formula' packaging/package.py finish "$REPOSITORY" "$DIST"
    check 'the checksums are right' env -C "$DIST" sha256sum --check --strict SHA256SUMS
    check 'nothing is left to fill in' refused grep -nE '@[A-Z]' "$DIST/install.sh" "$DIST/apicenter.rb"
    check 'shellcheck' shellcheck "$DIST/install.sh" packaging/image-folder.sh packaging/sbom.sh tests/release/run.sh .ci/run
    local sum
    sum="$(sha256sum "$DIST/apicenter-$VERSION-aarch64-apple-darwin.tar.gz")"
    check 'the formula has the checksum' grep -qF "sha256 \"${sum%% *}\"" "$DIST/apicenter.rb"
    if command -v ruby > /dev/null; then
        check 'the formula is Ruby' ruby -c "$DIST/apicenter.rb"
    else
        echo 'skipped the syntax of the formula: ruby is missing'
    fi
    check 'cargo binstall finds the archives and what is in them' same "$(binstall)" \
        "R/releases/download/v$VERSION/apicenter-$VERSION-x86_64-unknown-linux-musl.tar.gz
apicenter-$VERSION-x86_64-unknown-linux-musl/apicenter
R/releases/download/v$VERSION/apicenter-$VERSION-x86_64-pc-windows-msvc.zip
apicenter-$VERSION-x86_64-pc-windows-msvc/apicenter.exe"
}

# installed SYSTEM MACHINE [VARIABLE=VALUE...]: the installer, as on this platform.
installed() {
    local system="$1" machine="$2"
    shift 2
    rm -rf "${WORK:?}/bin"
    mkdir -p "$WORK/tools"
    # shellcheck disable=SC2016
    printf '#!/bin/sh\ncase "$1" in -s) echo %s ;; -m) echo %s ;; esac\n' "$system" "$machine" > "$WORK/tools/uname"
    chmod +x "$WORK/tools/uname"
    env "PATH=$WORK/tools:$PATH" "APICENTER_INSTALL_FROM=$DIST" "$@" sh "$DIST/install.sh" "$WORK/bin"
}

installer() {
    local platform
    for platform in 'Linux x86_64' 'Linux aarch64' 'Darwin x86_64' 'Darwin arm64'; do
        # shellcheck disable=SC2086
        check "install on $platform" installed $platform
        check 'what was installed is the program' cmp "$WORK/apicenter" "$WORK/bin/apicenter"
    done
    check 'it runs' "$WORK/bin/apicenter" --version
    check 'a second time' sh -c "APICENTER_INSTALL_FROM='$DIST' '$DIST/install.sh' '$WORK/bin' && test ! -e '$WORK/bin/.apicenter.new'"
    check 'a platform that no release has' fails 'there is no apicenter for FreeBSD on amd64' installed FreeBSD amd64
    check 'a machine that no release has' fails 'there is no apicenter for Linux on riscv64' installed Linux riscv64
    check 'no https' fails 'must be a folder or begin with https://' \
        installed Linux x86_64 APICENTER_INSTALL_FROM=http://git.example/
    mkdir -p "$WORK/empty" "$WORK/altered"
    check 'a file that is missing' fails 'does not exist' installed Linux x86_64 "APICENTER_INSTALL_FROM=$WORK/empty"
    cp "$DIST/"*x86_64*linux*.gz "$WORK/altered/"
    printf 'x' >> "$WORK/altered/apicenter-$VERSION-x86_64-unknown-linux-musl.tar.gz"
    check 'another checksum' fails 'nothing was installed' installed Linux x86_64 "APICENTER_INSTALL_FROM=$WORK/altered"
    check 'and nothing is there' test ! -e "$WORK/bin/apicenter"
}

versions() {
    local copy="$WORK/copy"
    mkdir -p "$copy"
    cp -r packaging Cargo.toml "$copy/"
    printf '# Changelog\n\n## [Unreleased]\n\n## [%s] - 2026-01-01\n\n### Added\n\n- One thing.\n\n## [0.0.1]\n\n- Old.\n' \
        "$VERSION" > "$copy/CHANGELOG.md"
    local here=(env -u GITHUB_SERVER_URL -u GITHUB_REPOSITORY -C "$copy" packaging/package.py)
    check 'tag, version and changelog agree' "${here[@]}" check "v$VERSION"
    check 'the notes are the section of the version' \
        same "$("${here[@]}" notes "$VERSION")" $'### Added\n\n- One thing.'
    check 'another tag' fails "expected the tag v$VERSION" "${here[@]}" check v9.9.9
    check 'cargo binstall would look elsewhere' fails 'must have `repository' \
        env -C "$copy" GITHUB_SERVER_URL=https://git.example GITHUB_REPOSITORY=other/place packaging/package.py check "v$VERSION"
    printf '# Changelog\n\n## [Unreleased]\n\n- One thing.\n' > "$copy/CHANGELOG.md"
    check 'a version without notes' fails 'move the lines of Unreleased' "${here[@]}" check "v$VERSION"
}

image() {
    check 'the folder of the image' packaging/image-folder.sh "$DIST" "$WORK/image" tests/release/run.sh
    check 'it has a program for each platform' cmp "$WORK/apicenter" "$WORK/image/arm64/apicenter"
    check 'without archives there is none' fails 'expected one archive' packaging/image-folder.sh "$WORK/empty" "$WORK/none"
    check 'the image has one stage, from nothing' same "$(grep '^FROM' packaging/Dockerfile)" 'FROM scratch'
    check 'the image does not run as root' grep -qxE 'USER [1-9][0-9]*:[1-9][0-9]*' packaging/Dockerfile
    if docker info > /dev/null 2>&1; then
        check 'the image is built' docker build --quiet --file packaging/Dockerfile "$WORK/image"
    else
        echo 'skipped the build of the image: docker does not run here'
    fi
}

# Debug information would make up most of each archive.
strip -o "$WORK/apicenter" "${CARGO_TARGET_DIR:-target}/debug/apicenter" || exit 1
archives
finished
installer
versions
image
printf '%s passed, %s failed\n' "$passed" "$failed"
[[ "$failed" == 0 ]]
