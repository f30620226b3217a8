"""Starts ministack, with one step of CloudFormation's that it leaves out: a nested stack's template is transformed, too.

The transformation is AWS's own, and the one that ministack does for a template that is not nested.
"""

from ministack.app import main
from ministack.services.cloudformation import engine, provisioners

check = provisioners._check_nested_stack_capabilities


def check_and_transform(parent, template):
    check(parent, template)
    transformed = engine._apply_transforms(template)
    template.clear()
    template.update(transformed)


provisioners._check_nested_stack_capabilities = check_and_transform
main()
