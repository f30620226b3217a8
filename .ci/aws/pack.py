"""Leaves what `sam build` leaves: a template whose functions' code is a folder each, of binaries that are built already.

    pack.py BINARIES FOLDER
"""

import re
import shutil
import sys
from pathlib import Path

BINARIES, FOLDER = Path(sys.argv[1]), Path(sys.argv[2])
NAME = re.compile(r"      FunctionName: !Sub \$\{AWS::StackName\}-(\w+)$")

shutil.rmtree(FOLDER, ignore_errors=True)
lines = []
for line in Path("infra/template.yaml").read_text().splitlines():
    if line.strip().startswith("CodeUri:"):
        continue
    lines.append(line)
    if found := NAME.match(line):
        folder = FOLDER / found[1]
        folder.mkdir(parents=True)
        shutil.copy(BINARIES / found[1], folder / "bootstrap")
        lines.append(f"      CodeUri: {found[1]}")
(FOLDER / "template.yaml").write_text("\n".join(lines) + "\n")
