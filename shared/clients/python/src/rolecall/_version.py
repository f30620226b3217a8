"""Versions, and which of the server's documents go with them."""

from importlib.metadata import version

USER_AGENT = f"rolecall-python/{version('rolecall')}"

#: The ``info.version`` of the OpenAPI document that this package was written for. It works with
#: every server of the same major version; below 1.0.0, of the same minor one.
DOCUMENT_VERSION = "0.1.0"


def is_compatible(theirs: str) -> bool:
    """Whether a server's document is one that this package knows."""
    try:
        numbers = [int(number) for number in theirs.split(".")]
    except ValueError:
        return False
    ours = [int(number) for number in DOCUMENT_VERSION.split(".")]
    compared = next((place for place, number in enumerate(ours) if number), len(ours) - 1) + 1
    return len(numbers) == len(ours) and numbers[:compared] == ours[:compared]
