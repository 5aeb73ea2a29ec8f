"""The e-mail templates and modules, as HubSpot's design manager takes them."""

from __future__ import annotations

import json
import re
from hashlib import sha256

import pytest

from load.objects.catalogue import stages
from load.workflows.definition.templates import TITLES
from load.workflows.mailing.design_files import FOLDER, OF_A_MODULE, design_files
from load.workflows.mailing.messages import messages
from load.workflows.mailing.texts import LANGUAGES

# what HubSpot does not take as a field's name
RESERVED = {
    "body", "title", "name", "label", "content", "type", "id", "key", "class", "style",
}  # fmt: skip
TYPES = {"text": str, "richtext": str, "boolean": bool}
REQUIRED = (
    *("company_name", "company_street_address_1", "company_street_address_2", "company_city"),
    *("company_state", "company_zip", "company_country"),
)
MODES = pytest.mark.parametrize("programmable", [True, False], ids=["programmable", "tokens"])
PRINTED = [
    FOLDER / "frame.html",
    *(FOLDER / "emails").iterdir(),
    *(FOLDER / "modules").rglob("module.html"),
]


def templates(*, programmable: bool) -> dict[str, str]:
    """The text of each template by its path."""
    return {
        each.path: each.content.decode()
        for each in design_files(programmable=programmable)
        if each.path.startswith("cartwheel/emails/")
    }


def placed(template: str) -> dict[str, str]:
    """The folder of each module that a template places, by the name it has there."""
    return dict(
        re.findall(r'{% module "(\w+)" path="/(cartwheel/modules/\w+\.module)"', template)
    )


@MODES
def test_modules_come_before_the_templates_that_place_them(programmable):
    """HubSpot knows each module, whole, when a template is uploaded; each file comes once."""
    files = design_files(programmable=programmable)
    paths = [each.path for each in files]

    assert len(set(paths)) == len(paths)
    for path, template in templates(programmable=programmable).items():
        needed = {
            f"{folder}/{file}" for folder in placed(template).values() for file in OF_A_MODULE
        }
        assert needed <= set(paths[: paths.index(path)])
    assert {each.digest for each in files} == {
        sha256(each.content).hexdigest() for each in files
    }


def test_every_file_of_the_folder_is_uploaded():
    """No template or module stands in the repository that nobody uses."""
    uploaded = {
        each.path.removeprefix("cartwheel/")
        for programmable in (True, False)
        for each in design_files(programmable=programmable)
    }
    there = {
        str(path.relative_to(FOLDER))
        for folder in ("emails", "modules")
        for path in (FOLDER / folder).rglob("*.*")
        if path.is_file()
    }

    assert uploaded == there


def test_a_template_says_what_it_is():
    """HubSpot reads its kind, its label and how to render it from its first lines."""
    for programmable in (True, False):
        for path, text in templates(programmable=programmable).items():
            head = text.partition("-->")[0]
            assert text.startswith("<!--\ntemplateType: email\n"), path
            assert "\nisAvailableForNewContent: true\n" in head
            assert re.search(r"\nlabel: Cartwheel [^:\n]+\n", head)
            assert ("\nisEnabledForEmailV3Rendering: true\n" in head) == programmable


@MODES
def test_a_template_prints_what_the_law_asks_for(programmable):
    """The company's address and the link that unsubscribes, or HubSpot refuses it."""
    for path, text in templates(programmable=programmable).items():
        for tag in REQUIRED:
            assert f"{{{{ site_settings.{tag} }}}}" in text, path
        assert 'href="{{ unsubscribe_link }}"' in text, path


def test_all_templates_have_the_same_frame():
    """They differ in what they are for alone: a change of the design reaches all of them."""
    frames = set()
    for programmable in (True, False):
        for text in templates(programmable=programmable).values():
            _, _, rest = text.partition("-->\n")
            head, _, rest = rest.partition("</h1>")
            _, _, foot = rest.partition("          </td>\n        </tr>\n        <tr>")
            frames.add((head, foot))

    assert len(frames) == 1


@MODES
def test_a_template_asks_for_no_more_than_it_may(programmable):
    """At most five crm functions, each written once; none without programmable e-mail."""
    for path, text in templates(programmable=programmable).items():
        modules = [FOLDER / each.removeprefix("cartwheel/") for each in placed(text).values()]
        asked = sum((each / "module.html").read_text().count("crm_") for each in modules)
        assert "crm_" not in text
        assert asked == 0 if not programmable else 0 < asked <= 5, path


def test_modules_are_for_e_mails_with_fields_that_can_be_edited():
    """Labels for people, names that HubSpot takes, defaults of the field's type."""
    folders = sorted((FOLDER / "modules").iterdir())

    assert len(folders) > 5
    for folder in folders:
        assert {each.name for each in folder.iterdir()} == set(OF_A_MODULE), folder
        meta = json.loads((folder / "meta.json").read_text())
        assert meta["host_template_types"] == ["EMAIL"]
        assert meta["label"].startswith("Cartwheel")
        fields = json.loads((folder / "fields.json").read_text())
        names = [field["name"] for field in fields]
        assert len(set(names)) == len(names)
        assert not RESERVED & set(names)
        for field in fields:
            assert field["label"]
            assert isinstance(field["default"], TYPES[field["type"]]), (folder, field)
            used = re.search(
                rf"module\.{field['name']}\b", (folder / "module.html").read_text()
            )
            assert used, (folder, field)


@MODES
def test_messages_fill_fields_that_there_are(programmable):
    """Each widget is a module of the template, and each of its members a field of it."""
    texts = templates(programmable=programmable)
    ids = {stage.stage_id: stage.stage_id for stage in stages()}
    for workflow in TITLES:
        for language in LANGUAGES:
            for message in messages(
                workflow, language, pipeline_id="p", stage_ids=ids, programmable=programmable
            ):
                modules = placed(texts[message.template_path])
                assert message.widgets.keys() == modules.keys()
                for name, widget in message.widgets.items():
                    folder = FOLDER / modules[name].removeprefix("cartwheel/")
                    fields = json.loads((folder / "fields.json").read_text())
                    assert widget["body"].keys() == {field["name"] for field in fields}


def test_nothing_is_fetched_but_pictures_of_items():
    """No font, style, pixel or script comes from elsewhere."""
    for path in PRINTED:
        text = path.read_text()
        sources = re.findall(r'src="([^"]*)"', text)
        assert set(sources) <= {"{{ line.shopify_image_url|escape_attr }}"}, path
        assert not re.search(r"url\(|@import|<link|<script|background=", text), path


def test_what_is_printed_is_escaped():
    """A module prints all but the editor's own HTML through escape_html or escape_attr."""
    for path in (FOLDER / "modules").rglob("module.html"):
        printed = re.findall(r"{{(.*?)}}", path.read_text(), re.S)
        for expression in printed:
            is_safe = re.search(r"\|escape_(html|attr)\s*$", expression)
            assert is_safe or expression.strip() == "module.text", (path, expression)


def test_tables_are_for_layout_and_pictures_have_words():
    """A screen reader reads no table as data and no picture as a file's name."""
    for path in PRINTED:
        text = path.read_text()
        assert text.count("<table") == text.count('<table role="presentation"'), path
        assert text.count("<img") == len(re.findall(r'<img [^>]*alt="{{', text)), path
