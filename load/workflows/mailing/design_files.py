"""The files of the design manager: the workflows' e-mail templates and the modules in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from load.workflows.definition.templates import TITLES
from load.workflows.mailing.messages import template_path

FOLDER = Path(__file__).parents[1]
ROOT = "cartwheel/"  # the folder in the design manager
OF_A_MODULE = ("meta.json", "fields.json", "module.html")
_FRAME = FOLDER / "frame.html"  # what all templates have around what each is for
_PLACE = "<!-- what the e-mail is for -->\n"
_END_OF_HEAD = "-->\n"  # of the lines in which a template tells HubSpot its kind and label
_PLACED = re.compile(rf'path="/{ROOT}(modules/\w+\.module)"')


@dataclass(frozen=True)
class DesignFile:
    """A file to upload: its path in the design manager, and the SHA-256 of its content."""

    path: str
    content: bytes

    @property
    def digest(self) -> str:
        """The SHA-256 of the content, as hex."""
        return sha256(self.content).hexdigest()


def design_files(*, programmable: bool = True) -> tuple[DesignFile, ...]:
    """The files in the order of their upload: each module's three, then the templates.

    HubSpot refuses a template that places a module which it does not have. Without
    programmable e-mail they are the templates that print tokens, and what these place.
    """
    templates = [
        _read(template_path(workflow, programmable=programmable)) for workflow in TITLES
    ]
    modules = dict.fromkeys(each for template in templates for each in _modules(template))
    placed = [_read(f"{ROOT}{each}/{file}") for each in modules for file in OF_A_MODULE]
    return (*placed, *templates)


def read_design_file(path: str) -> str:
    """A file by its path in the design manager; a template with its frame.

    Raises FileNotFoundError if there is none.
    """
    text = (FOLDER / path.removeprefix(ROOT)).read_text(encoding="utf-8")
    if not path.startswith(f"{ROOT}emails/"):
        return text
    head, end, purpose = text.partition(_END_OF_HEAD)
    return head + end + _FRAME.read_text(encoding="utf-8").replace(_PLACE, purpose)


def _read(path: str) -> DesignFile:
    return DesignFile(path, read_design_file(path).encode())


def _modules(template: DesignFile) -> Iterator[str]:
    return iter(_PLACED.findall(template.content.decode()))
