"""What the README shows."""

from pathlib import Path

README = (Path(__file__).parent.parent / "README.md").read_text()


def block(heading):
    return README.split(f"## {heading}\n")[1].split("```python\n")[1].split("```")[0]


def test_the_first_example_runs(office):
    program = block("Without Django").replace("https://id.example.com", office.stack.url)
    names = {"key": office.key, "token": office.ada["access"]}
    before = len(office.stack.log("document_uploaded"))
    exec(compile(program, "README.md", "exec"), names)
    assert names["caller"].organization == "ACME"
    assert len(office.stack.log("document_uploaded")) == before + 1
