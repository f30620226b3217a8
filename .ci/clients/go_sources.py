"""What the models of openapi-generator for Go refuse in an answer: a field, or a value, that the document does not know."""

import json
import pathlib
import re
import sys

document = json.loads(pathlib.Path(sys.argv[1]).read_text())
sources = {}
for file in pathlib.Path(sys.argv[2]).glob("model_*.go"):
    text = file.read_text()
    sources[re.search(r"^type (\w+) ", text, re.M)[1]] = text


def named(part):
    return set(re.findall(r'"#/components/(\w+)/([\w-]+)"', json.dumps(part)))


def reached(parts):
    """The names of the schemas that are used there, directly or by others."""
    names, after = set(), named(parts)
    while after:
        names |= after
        after = named([document["components"][kind][name] for kind, name in after]) - names
    return {name for kind, name in names if kind == "schemas"}


calls = [call for path in document["paths"].values() for call in path.values()]
answers = reached([call["responses"] for call in calls])
sent = reached([[call.get("requestBody"), call.get("parameters")] for call in calls])
# What is in no component is named by the generator.
models = answers & sources.keys() | sources.keys() - sent
enums = {name for name, text in sources.items() if f"is not a valid {name}" in text}
closed = sorted(name for name in models if "DisallowUnknownFields" in sources[name])
fixed = sorted(name for name in models if name in enums)
print(f"{len(models)} models of answers; closed: {closed}; of known values only: {fixed}")
sys.exit(len(models) < 20 or bool(closed or fixed))
