#!/usr/bin/env python3
"""Unpacks an image of an OCI layout as a container would see it, and prints its configuration.

image.py LAYOUT ARCHITECTURE FOLDER
"""

import hashlib
import json
import sys
import tarfile
from pathlib import Path

LAYOUT, ARCHITECTURE, FOLDER = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])


def blob(descriptor):
    method, digest = descriptor["digest"].split(":")
    path = LAYOUT / "blobs" / method / digest
    with path.open("rb") as file:
        found = hashlib.file_digest(file, method).hexdigest()
    if found != digest:
        sys.exit(f"error: {path} has the digest {found}")
    return path


def read(descriptor):
    return json.loads(blob(descriptor).read_bytes())


[whole] = json.loads((LAYOUT / "index.json").read_bytes())["manifests"]
[manifest] = [one for one in read(whole)["manifests"] if one["platform"]["architecture"] == ARCHITECTURE]
manifest = read(manifest)
FOLDER.mkdir(parents=True)
for layer in manifest["layers"]:
    with tarfile.open(blob(layer)) as tar:
        tar.extractall(FOLDER, **({"filter": "fully_trusted"} if hasattr(tarfile, "fully_trusted_filter") else {}))
print(json.dumps(read(manifest["config"])["config"], indent=1))
