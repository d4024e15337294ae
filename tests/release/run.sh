#!/usr/bin/env bash
# Makes what a release consists of, as far as this machine can, and tries it: the static program, archives, checksums,
# installer, formula, image, bill of materials, metadata for cargo binstall, notes.
#
# Of the programs, that for Linux on x86-64 is built as a release builds it, without optimisation. With CROSS=true, so are
# the one for Linux on arm64, which is run by qemu, and one for Windows; each takes minutes. In other archives, a program
# of this machine is in its place.
#
# Needs cargo, python3 and shellcheck. Where ruby, buildah, qemu or what a platform needs is missing, what needs them is
# skipped, and says so; with CI=true nothing may be skipped.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
cargo build --quiet --locked || exit 1
readonly TARGET_FOLDER="${CARGO_TARGET_DIR:-$PWD/target}"
readonly TOOLS="$TARGET_FOLDER/tmp/release-tools"
WORK="$(mktemp -d)"
readonly WORK DIST="$WORK/dist" REPOSITORY=https://git.example/contoso/apicenter
# What an image is made of belongs to root.
AS_ROOT=()
[[ "$(id -u)" == 0 ]] || ! sudo --non-interactive true 2> /dev/null || AS_ROOT=(sudo --non-interactive)
readonly AS_ROOT
trap '"${AS_ROOT[@]}" rm -rf "$WORK"' EXIT
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

# skip WORDS: what cannot be checked on this machine.
skip() {
    echo "skipped $1"
    [[ "${CI:-}" != true ]] || { failed=$((failed + 1)); echo "FAILED  with CI=true nothing may be skipped"; }
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

# built TARGET TO [STRIP]: the program for a platform, without debug information, which would make up most of each archive.
built() {
    local target="$1" path code=0
    path="$(packaging/build.sh "$target" dev)" || code=$?
    if [[ "$code" == 3 ]]; then
        skip "the program for $target: what builds it cannot be installed"
        return 1
    fi
    [[ "$code" == 0 ]] || { echo "FAILED  the program for $target"; exit 1; }
    "${3:-strip}" -o "$WORK/$2" "$path" || exit 1
}

# needs_nothing PROGRAM: it needs nothing of the machine on which it runs.
needs_nothing() {
    readelf --wide --dynamic --program-headers "$WORK/$1" > "$WORK/headers" || return
    refused grep -E 'NEEDED|INTERP' "$WORK/headers"
}

# WORK/native runs here, WORK/static anywhere on x86-64.
programs() {
    strip -o "$WORK/native" "$TARGET_FOLDER/debug/apicenter" || exit 1
    if ! built x86_64-unknown-linux-musl static; then
        cp "$WORK/native" "$WORK/static"
        return
    fi
    check 'the static program needs no library' needs_nothing static
    check 'it runs' "$WORK/static" --version
    [[ "${CROSS:-}" != true ]] || others
}

# The programs for other machines.
others() {
    if built aarch64-unknown-linux-musl arm64 aarch64-linux-gnu-strip; then
        check 'the static program for arm64 needs no library' needs_nothing arm64
        if command -v qemu-aarch64-static > /dev/null; then
            cp -r examples/contoso "$WORK/arm64-project"
            rm -rf "$WORK/arm64-project/.apicenter"
            local run=(qemu-aarch64-static "$WORK/arm64" -C "$WORK/arm64-project")
            check 'on arm64: version' "${run[@]}" --version
            check 'on arm64: plan' "${run[@]}" plan
            check 'on arm64: apply' "${run[@]}" apply --auto-approve
            check 'on arm64: nothing is left to do' "${run[@]}" plan --detailed-exitcode
        else
            skip 'running the program for arm64: qemu-aarch64-static is missing'
        fi
    fi
    # A release is built with Microsoft's linker, which only Windows has; the code is the same.
    if built x86_64-pc-windows-gnu windows.exe x86_64-w64-mingw32-strip; then
        x86_64-w64-mingw32-objdump --private-headers "$WORK/windows.exe" > "$WORK/imports" || exit 1
        check 'the program for Windows needs no library of a compiler' \
            refused grep -iE 'DLL Name: (lib|vcruntime)' "$WORK/imports"
    fi
}

# program TARGET: what goes into the archive.
program() {
    local of_target="$WORK/native"
    case "$1" in
        x86_64-unknown-linux-musl) of_target="$WORK/static" ;;
        aarch64-unknown-linux-musl) of_target="$WORK/arm64" ;;
        x86_64-pc-windows-msvc) of_target="$WORK/windows.exe" ;;
    esac
    [[ -e "$of_target" ]] || of_target="$WORK/native"
    echo "$of_target"
}

archives() {
    local target
    for target in x86_64-unknown-linux-musl aarch64-unknown-linux-musl x86_64-apple-darwin aarch64-apple-darwin; do
        check "an archive for $target" \
            packaging/package.py archive "$target" "$(program "$target")" "$DIST" --run "$WORK/native"
    done
    cp "$(program x86_64-pc-windows-msvc)" "$WORK/apicenter.exe"
    check 'an archive for Windows' \
        packaging/package.py archive x86_64-pc-windows-msvc "$WORK/apicenter.exe" "$DIST" --run "$WORK/native"
    check 'a platform that no release has' fails 'is not a target of a release' \
        packaging/package.py archive sparc-sun-solaris "$WORK/native" "$DIST"
    # What the program of the archive generates is what any other generates.
    packaging/package.py archive x86_64-unknown-linux-musl "$WORK/static" "$WORK/again" > "$WORK/path"
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
    check 'shellcheck' shellcheck "$DIST/install.sh" packaging/build.sh packaging/image-folder.sh packaging/sbom.sh tests/release/run.sh .ci/run
    local sum
    sum="$(sha256sum "$DIST/apicenter-$VERSION-aarch64-apple-darwin.tar.gz")"
    check 'the formula has the checksum' grep -qF "sha256 \"${sum%% *}\"" "$DIST/apicenter.rb"
    if command -v ruby > /dev/null; then
        check 'the formula installs on each platform' \
            ruby tests/release/formula.rb "$DIST/apicenter.rb" "$DIST" "$WORK/brewed"
        check 'the formula installs the program' cmp "$WORK/static" "$WORK/brewed/bin/apicenter"
        check 'the formula installs a man page' test -s "$WORK/brewed/man1/apicenter-plan.1"
        check 'the formula installs completions' \
            test -s "$WORK/brewed/bash/apicenter" -a -s "$WORK/brewed/zsh/_apicenter" -a -s "$WORK/brewed/fish/apicenter.fish"
    else
        skip 'the formula: ruby is missing'
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
    local system machine target
    while read -r system machine target; do
        check "install on $system $machine" installed "$system" "$machine"
        check 'what was installed is the program' cmp "$(program "$target")" "$WORK/bin/apicenter"
    done <<'PLATFORMS'
Darwin x86_64 x86_64-apple-darwin
Darwin arm64 aarch64-apple-darwin
Linux aarch64 aarch64-unknown-linux-musl
Linux x86_64 x86_64-unknown-linux-musl
PLATFORMS
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
    check 'the folder of the image' packaging/image-folder.sh "$DIST" "$WORK/image"
    check 'it has a program for each platform' cmp "$(program aarch64-unknown-linux-musl)" "$WORK/image/arm64/apicenter"
    check 'without archives there is none' fails 'expected one archive' packaging/image-folder.sh "$WORK/empty" "$WORK/none"
    if ! command -v buildah > /dev/null || [[ "$(id -u)" != 0 && "${#AS_ROOT[@]}" == 0 ]]; then
        skip 'the image: buildah is missing, or this is neither root nor may use sudo'
        return
    fi
    local buildah=("${AS_ROOT[@]}" buildah --storage-driver vfs --root "$WORK/store" --runroot "$WORK/store-run") root="$WORK/root"
    check 'the image is built for both platforms' "${buildah[@]}" build --quiet --platform linux/amd64,linux/arm64 \
        --manifest apicenter:test --file packaging/Dockerfile "$WORK/image"
    check 'it is a layout of OCI' "${buildah[@]}" manifest push --quiet --all apicenter:test "oci:$WORK/layout:test"
    "${buildah[@]}" rmi --all --force > /dev/null 2>&1
    check 'its parts have their digests, on arm64' tests/release/image.py "$WORK/layout" arm64 "$root-arm64"
    check 'on arm64 it has the program for that' cmp "$(program aarch64-unknown-linux-musl)" "$root-arm64/usr/bin/apicenter"
    check 'and on amd64' tests/release/image.py "$WORK/layout" amd64 "$root"
    check 'no shell and no other program is in it' same "$(cd "$root" && find . -type f -o -type l | sort)" \
        $'./etc/ssl/certs/ca-certificates.crt\n./usr/bin/apicenter'
    tests/release/image.py "$WORK/layout" amd64 "$WORK/again-root" > "$WORK/config"
    check 'it starts the program, not as root' same \
        "$(python3 -c 'import json, sys
config = json.load(open(sys.argv[1]))
print(config["User"], *config["Entrypoint"], config["WorkingDir"], *config["Env"], config.get("Cmd"))' "$WORK/config")" \
        "65532:65532 /usr/bin/apicenter /project $(printf '%s ' \
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt None"
    check 'everybody may write temporary files' same "$(stat --format %a "$root/tmp")" 1777
    contained "$root"
}

# The program of the image with nothing but the files of the image and a project.
contained() {
    local root="$1" inside run
    mkdir -p "$root/project"
    cp -r examples/contoso/. "$root/project/"
    rm -rf "$root/project/.apicenter"
    "${AS_ROOT[@]}" chown -R 65532:65532 "$root/project"
    inside=("$(command -v chroot)" --userspec=65532:65532 "$root" /usr/bin/apicenter -C /project)
    run=("${AS_ROOT[@]}" env -i SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt "${inside[@]}")
    check 'in the image: validate' "${run[@]}" validate
    check 'in the image: plan' "${run[@]}" plan
    check 'in the image: apply' "${run[@]}" apply --auto-approve
    check 'in the image: nothing is left to do' "${run[@]}" plan --detailed-exitcode
}

# The list of all crates in the program.
bill() {
    check 'a bill of materials' env "PATH=$TOOLS/bin:$PATH" packaging/sbom.sh "$DIST" "$TOOLS"
    cargo tree --locked --edges normal,build --target all --prefix none --format '{p}' \
        | sed -nE 's/^([^ ]+) v([^ ]+).*/\1 \2/p' | sort -u > "$WORK/crates"
    check 'it lists every crate with its version' python3 - "$DIST/apicenter.cdx.json" "$WORK/crates" <<'PYTHON'
import json, sys
bill = json.load(open(sys.argv[1]))
assert bill["bomFormat"] == "CycloneDX" and bill["specVersion"] == "1.5", bill["bomFormat"]
own = bill["metadata"]["component"]
listed = {(one["name"], one["version"]) for one in bill["components"]} | {(own["name"], own["version"])}
needed = {tuple(line.split()) for line in open(sys.argv[2])}
assert len(needed) > 200, len(needed)
assert needed <= listed, needed - listed
assert all(one.get("licenses") for one in bill["components"]), "a component without its licence"
PYTHON
    check 'it does not say where it was made' refused grep -qE 'file:/|'"$PWD" "$DIST/apicenter.cdx.json"
    check 'it names no crate of ours in a registry' refused grep -qF 'pkg:cargo/apicenter@' "$DIST/apicenter.cdx.json"
    env "PATH=$TOOLS/bin:$PATH" packaging/sbom.sh "$WORK/again" "$TOOLS" > "$WORK/said" 2>&1
    check 'the same again has the same bytes' cmp "$DIST/apicenter.cdx.json" "$WORK/again/apicenter.cdx.json"
}

programs
archives
finished
installer
versions
image
bill
printf '%s passed, %s failed\n' "$passed" "$failed"
[[ "$failed" == 0 ]]
