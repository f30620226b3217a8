"""What both walkthroughs in Python share: where to go, and what a problem must be."""

import sys
from typing import Protocol

url, email, password, name = sys.argv[1:5]
# What the proxy puts before codes that a client cannot know yet.
_tomorrow = sys.argv[5] if len(sys.argv) > 5 else ""


class Problem(Protocol):
    status: int
    code: str


def is_problem(problem: Problem, status: int, code: str) -> None:
    assert (problem.status, problem.code) == (status, _tomorrow + code), problem
