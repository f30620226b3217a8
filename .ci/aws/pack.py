"""Leaves what `sam build` leaves: templates whose functions' code is a folder each, of binaries that are built already.

    pack.py BINARIES SAM FOLDER

Functions that are in SAM, where .ci/sam-build left them, are taken from there.
"""

import re
import shutil
import sys
from pathlib import Path

BINARIES, SAM, FOLDER = map(Path, sys.argv[1:4])
NAME = re.compile(r"      FunctionName: !Sub \$\{Stack\}-\w+-(\w+)$")

shutil.rmtree(FOLDER, ignore_errors=True)
(FOLDER / "groups").mkdir(parents=True)
shutil.copy("infra/template.yaml", FOLDER)
for template in Path("infra/groups").iterdir():
    lines = []
    for line in template.read_text().splitlines():
        if line.strip().startswith("CodeUri:"):
            continue
        lines.append(line)
        if found := NAME.match(line):
            folder = FOLDER / found[1]
            folder.mkdir()
            built = SAM / found[1] / "bootstrap"
            shutil.copy(built if built.exists() else BINARIES / found[1], folder / "bootstrap")
            lines.append(f"      CodeUri: ../{found[1]}")
    (FOLDER / "groups" / template.name).write_text("\n".join(lines) + "\n")
