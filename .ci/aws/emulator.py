"""Starts ministack with two things that CloudFormation does for nested stacks, and ministack for others alone.

A nested template is transformed, too, with AWS's own translator; and a resource in it that an update leaves alone keeps its attributes.
"""

from ministack.app import main
from ministack.services.cloudformation import _stacks, engine, provisioners

check, update = provisioners._check_nested_stack_capabilities, provisioners._update_resource


def check_and_transform(parent, template):
    check(parent, template)
    transformed = engine._apply_transforms(template)
    template.clear()
    template.update(transformed)


def update_and_remember(kind, id, old, new, stack, name):
    attributes = _stacks[stack]["_resources"][name]["Attributes"]
    updated, changed = update(kind, id, old, new, stack, name, attributes)
    return updated, {**attributes, **changed} if updated == id else changed


provisioners._check_nested_stack_capabilities = check_and_transform
provisioners._update_resource = update_and_remember
main()
