"""The e-mails of the workflows: what each says, and the body that creates it in HubSpot.

A template and its modules are the same for all e-mails of a workflow; an e-mail fills the
modules' fields with its texts. What people edit in HubSpot stays there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from cartwheel.core.errors import SettingsError
from load.objects.catalogue import purchase_stages
from load.workflows.definition.flow import PREFIX
from load.workflows.definition.templates import TITLES
from load.workflows.mailing.texts import MessageTexts, Texts, read_texts

# the e-mails that show items; the others are text and a button
SHOWING_ITEMS = {
    ("new_customer", 1),
    ("abandoned_checkout", 1),
    ("abandoned_checkout", 2),
    ("re_engagement", 2),
}
# states of an e-mail that flows send: docs/reference/workflows.md#marketing-e-mails
DRAFT, PUBLISHED = "AUTOMATED_DRAFT", "AUTOMATED"
CART_URL = "{{ contact.shopify_abandoned_checkout_url }}"
CART_ITEMS = "{{ contact.shopify_abandoned_checkout_items }}"

Widgets = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Message:
    """One e-mail of a workflow: the number-th, in a language.

    widgets are the fields of the template's modules by the modules' names, as HubSpot's
    content.widgets has them.
    """

    workflow: str
    number: int
    language: str
    name: str
    subject: str
    preview_text: str
    template_path: str
    widgets: Widgets
    plain_text: str

    def body(self, *, from_name: str, reply_to: str, subcategory: str) -> dict[str, Any]:
        """The body that creates it: an e-mail that flows send, as a draft.

        A sender that is left blank is the account's own.
        """
        sender = {"fromName": from_name, "replyTo": reply_to}
        return {
            "name": self.name,
            "subject": self.subject,
            "subcategory": subcategory,
            "state": DRAFT,
            "language": self.language,
            "from": {name: value for name, value in sender.items() if value},
            "content": {
                "templatePath": self.template_path,
                "widgets": self.widgets,
                "plainTextVersion": self.plain_text,
            },
        }


def messages(
    workflow: str,
    language: str,
    *,
    pipeline_id: str,
    stage_ids: Mapping[str, str],
    programmable: bool = True,
) -> tuple[Message, ...]:
    """The e-mails of a workflow in a language, in the order in which they are sent.

    pipeline_id and stage_ids (by our stage) are the account's. Without programmable e-mail
    they print HTML that the warehouse made, by a token, and no pictures.
    Raises SettingsError for a workflow or a language that there is not, naming those there are.
    """
    if workflow not in TITLES:
        raise SettingsError(
            f"There is no workflow {workflow!r}; there are {', '.join(TITLES)}. "
            "Run: cartwheel workflows list"
        )
    texts = read_texts(workflow, language)
    found = []
    for number, said in enumerate(texts.messages, 1):
        fields = (
            _with_items(workflow, number, texts, said, pipeline_id, stage_ids)
            if programmable
            else _with_tokens(workflow, texts, said)
        )
        found.append(
            Message(
                workflow=workflow,
                number=number,
                language=texts.language,
                name=email_name(PREFIX + TITLES[workflow], number, texts.language),
                subject=said.subject,
                preview_text=said.preview_text,
                template_path=template_path(workflow, programmable=programmable),
                widgets={
                    name: {"type": "module", "name": name, "body": body}
                    for name, body in (_everywhere(texts, said) | fields).items()
                },
                plain_text=_plain_text(workflow, texts, said),
            )
        )
    return tuple(found)


def email_name(title: str, number: int, language: str) -> str:
    """The name in HubSpot of a workflow's e-mail."""
    return f"{title} {number} ({language})"


def template_path(workflow: str, *, programmable: bool = True) -> str:
    """Where a workflow's template stands in the design manager."""
    return f"cartwheel/emails/{workflow}{'' if programmable else '_tokens'}.html"


def _everywhere(texts: Texts, said: MessageTexts) -> Widgets:
    return {
        "preview_text": {"value": said.preview_text},
        "heading": {"value": said.heading},
        "message": {
            "text": "".join(f"<p>{escape(each, quote=False)}</p>" for each in said.paragraphs)
        },
        "why": {"value": texts.why},
        "unsubscribe_text": {"value": texts.unsubscribe},
    }


def _with_items(
    workflow: str,
    number: int,
    texts: Texts,
    said: MessageTexts,
    pipeline_id: str,
    stage_ids: Mapping[str, str],
) -> Widgets:
    items: dict[str, Any] = {
        "show_items": (workflow, number) in SHOWING_ITEMS,
        "items_heading": texts.items_heading,
        "more_text": texts.more,
        "fallback_text": texts.fallback,
        "pipeline_id": pipeline_id,
    }
    money = {
        "total_text": texts.total,
        "total_note": texts.total_note,
        "locale": texts.locale,
    }
    of_workflow: dict[str, dict[str, Any]] = {
        "new_customer": money,
        "abandoned_checkout": {
            **money,
            "stage_id": stage_ids["checkout_abandoned"],
            "button_text": said.button,
        },
        "re_engagement": {
            "purchase_stages": ",".join(stage_ids[stage] for stage in purchase_stages())
        },
    }
    found: Widgets = {
        "greeting": {
            "greeting": texts.greeting,
            "greeting_without_name": texts.greeting_without_name,
            "after_name": texts.after_name,
        },
        "items": items | of_workflow[workflow],
    }
    if workflow != "abandoned_checkout":  # there the button belongs to the cart
        found["button"] = {
            "button_text": said.button,
            "address": "",
            "pipeline_id": pipeline_id,
        }
    return found


def _with_tokens(workflow: str, texts: Texts, said: MessageTexts) -> Widgets:
    found: Widgets = {
        "greeting": {"value": texts.greeting_without_name},
        "items_heading": {"value": texts.items_heading},
    }
    if workflow == "abandoned_checkout":
        return found | {"button_text": {"value": said.button}}
    return found | {"button": {"button_text": said.button, "address": ""}}


def _plain_text(workflow: str, texts: Texts, said: MessageTexts) -> str:
    """The part for those who read no HTML; in it tokens need no escaping."""
    parts = [said.heading, texts.greeting_without_name, *said.paragraphs]
    if workflow == "abandoned_checkout":
        parts += [f"{texts.items_heading}: {CART_ITEMS}", f"{said.button}: {CART_URL}"]
    address = (
        "{{ site_settings.company_name }}, {{ site_settings.company_street_address_1 }}, "
        "{{ site_settings.company_zip }} {{ site_settings.company_city }}, "
        "{{ site_settings.company_country }}"
    )
    parts += ["--", texts.why, f"{texts.unsubscribe}: {{{{ unsubscribe_link }}}}", address]
    return "\n\n".join(parts) + "\n"
