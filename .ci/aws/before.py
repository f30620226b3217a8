"""The template of an older version over what is packaged now: its functions' code is that of today's functions of their names.

    before.py REVISION PACKAGED FILE
"""

import gzip
import re
import sys
from pathlib import Path

import boto3
from samcli.yamlhelper import yaml_parse

REVISION, PACKAGED, FILE = sys.argv[1:4]
# Functions that are no more, and which one does their work now.
GONE = {"fill_activity_stream": "relay"}
# Today's code needs rights that the older template does not give, and these are not what is tried with it.
RIGHTS = '{ Sid: Today, Effect: Allow, Action: ["dynamodb:*", "ssm:*", "ses:*"], Resource: "*" }'


def of(template, kind):
    return [one["Properties"] for one in template["Resources"].values() if one["Type"] == kind]


# Kept here, because a clone may come without its history.
shown = gzip.decompress(Path(__file__).with_name(f"template-{REVISION}.yaml.gz").read_bytes()).decode()
codes, s3 = {}, boto3.client("s3")
for stack in of(yaml_parse(Path(PACKAGED).read_text()), "AWS::CloudFormation::Stack"):
    nested = s3.get_object(Bucket="artifacts", Key=stack["TemplateURL"].split("/artifacts/")[1])["Body"].read().decode()
    for function in of(yaml_parse(nested), "AWS::Serverless::Function"):
        codes[function["FunctionName"]["Fn::Sub"].rsplit("-", 1)[1]] = function["CodeUri"]
lines = []
for line in shown.splitlines():
    if line.strip().startswith("CodeUri:"):
        continue
    lines.append(line)
    if "Sid: Traces" in line:
        lines.append(line[: line.index("-")] + "- " + RIGHTS)
    if found := re.match(r"      FunctionName: !Sub \$\{AWS::StackName\}-(\w+)$", line):
        lines.append(f"      CodeUri: {codes[GONE.get(found[1], found[1])]}")
Path(FILE).write_text("\n".join(lines) + "\n")
