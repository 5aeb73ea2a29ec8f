"""Shows the e-mails of a workflow with real rows of the warehouse, offline, without an account.

The files hold a customer's data: only their owner can read them.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cartwheel.core.errors import SettingsError
from cartwheel.core.page_templates import page_templates
from cartwheel.core.privacy import private_files, write_whole
from cartwheel.core.progress import Say
from cartwheel.core.settings import Settings
from cartwheel.core.shop_language import shop_language
from load.objects.catalogue import PIPELINE, stages
from load.objects.chosen_labels import labels_for
from load.objects.language import ENGLISH
from load.workflows.definition.templates import TEMPLATES
from load.workflows.mailing.messages import Message, messages
from load.workflows.mailing.texts import language_of, read_preview_texts
from load.workflows.preview.hubl import Renderer
from load.workflows.preview.records import (
    MadeUpRecords,
    Records,
    WarehouseRecords,
    choose_example,
    marts_of,
)

WIDTHS, SCHEMES = (600, 320), ("light", "dark")
FOR_OWNER = 0o600
DARK = "@media (prefers-color-scheme: dark)"  # as the templates write it
_WEB = Path(__file__).parent / "web"


@dataclass(frozen=True)
class PreviewReport:
    """What was written: a page that shows all e-mails, and a file for each of them."""

    index: Path
    files: tuple[Path, ...]
    is_made_up: bool


@dataclass(frozen=True)
class Rendered:
    """An e-mail as its recipient would get it; file is the name it is written under."""

    message: Message
    html: str
    plain_text: str

    @property
    def file(self) -> str:
        """Its file's name."""
        return f"{self.message.workflow}_{self.message.number}_{self.message.language}.html"

    @property
    def views(self) -> list[tuple[int, str, str]]:
        """Width, scheme and HTML of everything to look at."""
        return [
            (width, scheme, in_scheme(self.html, scheme))
            for scheme in SCHEMES
            for width in WIDTHS
        ]


def preview(
    settings: Settings,
    say: Say,
    workflow: str,
    *,
    deal: str = "",
    email: str = "",
    out: Path,
    language: str = "",
    programmable: bool = True,
) -> PreviewReport:
    """Write a workflow's e-mails into a folder, and a page that shows them side by side.

    They are of a deal or of a contact; of neither, the newest of the audience is the example,
    and somebody made up where the audience is empty. E-mails and page are in the language
    given, else in that of the labels.

    Raises SettingsError for an unknown workflow, language, deal or contact, WarehouseError if
    there is no warehouse or it was never transformed, OutputError if the folder cannot be
    written.
    """
    if deal and email:
        raise SettingsError("--deal and --email choose one example each. Give one of them.")
    with marts_of(settings.warehouse) as connection:
        if not language:
            chosen = labels_for(settings.language, shop_language(connection))
            language = language_of("", chosen.labels.language)
        found = messages(
            workflow,
            language,
            pipeline_id=PIPELINE,
            stage_ids={stage.stage_id: stage.stage_id for stage in stages()},
            programmable=programmable,
        )
        since = TEMPLATES[workflow].counts_from(settings.clock())
        example = choose_example(connection, workflow, deal, email, since)
        records: Records = WarehouseRecords(connection, example) if example else MadeUpRecords()
        rendered = render(found, records)
    if example is None:
        say(read_preview_texts(ENGLISH)["made_up"])
    texts = read_preview_texts(language)
    with private_files():
        for each in rendered:
            write_whole(out / each.file, each.html, FOR_OWNER)
        standing = example.in_words(texts) if example else texts["made_up"]
        page = _page(workflow, rendered, standing, texts)
        write_whole(out / "index.html", page, FOR_OWNER)
    return PreviewReport(
        out / "index.html", tuple(out / each.file for each in rendered), example is None
    )


def render(found: tuple[Message, ...], records: Records) -> list[Rendered]:
    """The e-mails as the contact of these records would get them."""
    renderer = Renderer(records)
    return [Rendered(each, renderer.html(each), renderer.plain_text(each)) for each in found]


def in_scheme(html: str, scheme: str) -> str:
    """An e-mail as a reader in that colour scheme shows it, whatever this machine is set to."""
    return html.replace(DARK, "@media all" if scheme == "dark" else "@media not all")


def _page(
    workflow: str, rendered: list[Rendered], standing: str, texts: Mapping[str, str]
) -> str:
    script = (_WEB / "index.js").read_text(encoding="utf-8")
    return (
        page_templates(_WEB)
        .get_template("index.html.j2")
        .render(
            language=rendered[0].message.language,
            title=texts[workflow],
            standing=standing,
            say=texts,
            rendered=rendered,
            style=(_WEB / "index.css").read_text(encoding="utf-8"),
            script=script,
            script_digest=b64encode(sha256(script.encode()).digest()).decode(),
        )
    )
