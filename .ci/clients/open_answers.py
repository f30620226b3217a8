"""What would break a client when an answer brings a field that the document does not know, in the models that openapi-generator makes
for Go of it."""

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
closed = sorted(name for name in models if "DisallowUnknownFields" in sources[name])
print(f"{len(models)} models of answers; of known fields only: {closed}")
sys.exit(len(models) < 20 or bool(closed))
