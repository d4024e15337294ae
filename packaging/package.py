#!/usr/bin/env python3
"""Makes what a release consists of. Every step runs on any machine that has Python 3.11, and asks no network.

package.py check TAG                     the tag, Cargo.toml and CHANGELOG.md have the same version
package.py notes VERSION                 prints the section of the changelog
package.py archive TARGET PROGRAM OUT    an archive with the program, its completions and its man pages;
                                         --run OTHER generates these where PROGRAM is for another machine
package.py finish REPOSITORY OUT         SHA256SUMS, the installer and the Homebrew formula, for all archives of OUT

Same inputs, same bytes: entries are sorted, and have the time SOURCE_DATE_EPOCH (or 0) and no owner.
"""

import argparse
import gzip
import hashlib
import io
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from datetime import datetime, timezone
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "apicenter"
SHELLS = {"bash": f"{NAME}.bash", "zsh": f"_{NAME}", "fish": f"{NAME}.fish", "powershell": f"_{NAME}.ps1"}
TEXTS = ["README.md", "LICENSE", "CHANGELOG.md"]

# Rust's name of each platform that a release must have, and how uname and Homebrew name it.
TARGETS = {
    "x86_64-unknown-linux-musl": ("Linux", "x86_64"),
    "aarch64-unknown-linux-musl": ("Linux", "aarch64"),
    "x86_64-apple-darwin": ("Darwin", "x86_64"),
    "aarch64-apple-darwin": ("Darwin", "arm64"),
    "x86_64-pc-windows-msvc": None,
}


class Refused(Exception):
    """Why nothing can be made."""


def package():
    return tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["package"]


def notes(version):
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    found = re.search(rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## \[|\Z)", text, re.M | re.S)
    if not found or not found[1].strip():
        raise Refused(f"CHANGELOG.md has no section `## [{version}]` with text: move the lines of Unreleased there")
    return found[1].strip() + "\n"


def check(tag):
    version = package()["version"]
    if tag != f"v{version}":
        raise Refused(f"the tag is {tag}, and Cargo.toml has the version {version}: expected the tag v{version}")
    notes(version)
    server, repository = os.environ.get("GITHUB_SERVER_URL"), os.environ.get("GITHUB_REPOSITORY")
    ours = f"{server}/{repository}"
    if server and package().get("repository") != ours:
        raise Refused(f"Cargo.toml must have `repository = \"{ours}\"`: cargo binstall downloads from there")


def stem(target):
    if target not in TARGETS:
        raise Refused(f"{target} is not a target of a release: expected one of {', '.join(TARGETS)}")
    return f"{NAME}-{package()['version']}-{target}"


def generated(program):
    """Completions and man pages, by their path in the archive."""
    files = {}
    for shell, name in SHELLS.items():
        made = subprocess.run([program, "completions", shell], check=True, capture_output=True)
        files[f"completions/{name}"] = made.stdout
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, "man", "--out", folder], check=True)
        for page in Path(folder).iterdir():
            files[f"man/{page.name}"] = page.read_bytes()
    return files


def archive(target, program, out, run):
    windows = "windows" in target
    top = stem(target)
    files = generated(str(Path(run or program).resolve()))
    files |= {name: (ROOT / name).read_bytes() for name in TEXTS}
    binary = f"{NAME}.exe" if windows else NAME
    files[binary] = Path(program).read_bytes()
    entries = [(f"{top}/{name}", files[name], 0o755 if name == binary else 0o644) for name in sorted(files)]
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{top}{'.zip' if windows else '.tar.gz'}"
    path.write_bytes(zipped(entries) if windows else tarred(entries))
    print(path)


def tarred(entries):
    time = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=time) as zipper:
        with tarfile.open(fileobj=zipper, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for name, content, mode in entries:
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode, entry.mtime = len(content), mode, time
                tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def zipped(entries):
    # The format begins in 1980.
    time = datetime.fromtimestamp(max(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), 315619200), timezone.utc)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive_file:
        for name, content, mode in entries:
            entry = zipfile.ZipInfo(name, time.timetuple()[:6])
            entry.external_attr, entry.compress_type = mode << 16, zipfile.ZIP_DEFLATED
            archive_file.writestr(entry, content)
    return buffer.getvalue()


def digest(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def finish(repository, out):
    archives = {}
    for target in TARGETS:
        path = out / f"{stem(target)}{'.zip' if 'windows' in target else '.tar.gz'}"
        if not path.is_file():
            raise Refused(f"{path.name} is missing in {out}")
        archives[target] = (path.name, digest(path))
    sums = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(archives.values()))
    (out / "SHA256SUMS").write_text(sums, encoding="utf-8", newline="\n")

    version = package()["version"]
    values = {"VERSION": version, "REPOSITORY": repository, "DESCRIPTION": package()["description"].split(":")[0]}
    values["DOWNLOADS"] = f"{repository}/releases/download/v{version}"
    platforms = {target: names for target, names in TARGETS.items() if names}
    values["PLATFORMS"] = "\n".join(
        f"    {system}:{machine}) target={target} sha256={archives[target][1]} ;;"
        for target, (system, machine) in platforms.items()
    )
    for target, (name, sha256) in archives.items():
        values[f"SHA256 {target}"] = sha256
        values[f"NAME {target}"] = name
    for template, made in (("install.sh", "install.sh"), ("homebrew.rb", f"{NAME}.rb")):
        text = (ROOT / "packaging" / template).read_text(encoding="utf-8")
        text = re.sub(r" *@([A-Z0-9]+(?: [a-z0-9_-]+)?)@", lambda found: filled(found, values), text)
        (out / made).write_text(text, encoding="utf-8", newline="\n")
    (out / "install.sh").chmod(0o755)


def filled(found, values):
    indent = found[0][: found[0].index("@")]
    return values[found[1]] if found[1] == "PLATFORMS" else indent + values[found[1]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check").add_argument("tag")
    commands.add_parser("notes").add_argument("version")
    one = commands.add_parser("archive")
    one.add_argument("target")
    one.add_argument("program", type=Path)
    one.add_argument("out", type=Path)
    one.add_argument("--run", type=Path)
    every = commands.add_parser("finish")
    every.add_argument("repository")
    every.add_argument("out", type=Path)
    given = parser.parse_args()
    match given.command:
        case "check":
            check(given.tag)
        case "notes":
            sys.stdout.write(notes(given.version))
        case "archive":
            archive(given.target, given.program, given.out, given.run)
        case "finish":
            finish(given.repository, given.out)


try:
    main()
except Refused as refused:
    sys.exit(f"error: {refused}")
