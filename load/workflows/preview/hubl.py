"""HubL for previews: as much of HubSpot's template language as our design files use.

HubL grew out of Jinja, so Jinja reads it; what HubSpot adds is here. A template comes from the
project's folder and may be edited, so it runs in Jinja's sandbox.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from html import escape
from typing import Any
from urllib.parse import parse_qsl

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency
from jinja2 import Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import SandboxedEnvironment

from cartwheel.core.errors import SettingsError
from load.objects.language import base_language
from load.workflows.mailing.design_files import ROOT, read_design_file
from load.workflows.mailing.messages import Message
from load.workflows.mailing.texts import language_of, read_preview_texts
from load.workflows.preview.records import Record, Records

DEAL_OF_CONTACT, LINE_ITEM_OF_DEAL = 4, 19  # docs/reference/hubspot.md#associations
LIMIT, MOST = 10, 100  # results of crm_associations: where the query says nothing, and at most

UNSUBSCRIBE = "#unsubscribe"


class ModuleTag(Extension):
    """{% module "name" path="/folder/x.module", field=value %}."""

    tags = {"module"}  # noqa: RUF012, as the base class declares it

    def parse(self, parser: Parser) -> nodes.Node:
        """Make the tag a call of place_module."""
        line = next(parser.stream).lineno
        arguments = [parser.parse_expression()]
        named = []
        parser.stream.skip_if("comma")
        while parser.stream.current.type != "block_end":
            name = parser.stream.expect("name").value
            parser.stream.expect("assign")
            named.append(nodes.Keyword(name, parser.parse_expression()))
            parser.stream.skip_if("comma")
        call = nodes.Call(nodes.Name("place_module", "load"), arguments, named, None, None)
        return nodes.Output([call]).set_lineno(line)


class Renderer:
    """Renders e-mails for one contact, whose records it asks for."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._contact = records.contact()

    def html(self, message: Message) -> str:
        """The e-mail's HTML. Raises SettingsError naming a file that is not valid HubL."""

        def place_module(name: str, path: str, **fields: Any) -> str:
            widget = message.widgets.get(name, {}).get("body", {})
            folder = path.strip("/")
            given = {**_defaults(folder), **fields, **widget}
            return self._render(f"{folder}/module.html", message, {"module": given})

        return self._render(message.template_path, message, {"place_module": place_module})

    def plain_text(self, message: Message) -> str:
        """The e-mail's plain text, with what stands for its tokens."""
        return _compiled(message.plain_text).render(self._names(message))

    def _render(self, path: str, message: Message, names: Mapping[str, Any]) -> str:
        try:
            return _compiled(_read(path)).render({**self._names(message), **names})
        except TemplateError as error:
            where = f", line {error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
            raise SettingsError(
                f"load/workflows/{path.removeprefix(ROOT)}{where} is not valid HubL "
                f"({error.message}). Correct it, then repeat the command."
            ) from error

    def _names(self, message: Message) -> dict[str, Any]:
        return {
            "html_lang": message.language,
            "site_settings": account_settings(message.language),
            "unsubscribe_link": UNSUBSCRIBE,
            "contact": self._contact,
            "deal": self._records.deal(),
            "crm_object": self._crm_object,
            "crm_associations": self._crm_associations,
        }

    def _crm_object(self, kind: str, key: str, properties: str, _format: bool = True) -> Record:
        if kind != "contact" or key != self._contact.get("hs_object_id"):
            return {}
        return _only(self._contact, properties)

    def _crm_associations(
        self,
        key: str,
        category: str,
        type_id: int,
        query: str = "",
        properties: str = "",
        _format: bool = True,
    ) -> dict[str, Any]:
        asked: dict[tuple[str, int], Callable[[str], list[Record]]] = {
            ("HUBSPOT_DEFINED", DEAL_OF_CONTACT): self._records.deals,
            ("HUBSPOT_DEFINED", LINE_ITEM_OF_DEAL): self._records.line_items,
        }
        found = asked[category, type_id](key) if (category, type_id) in asked else []
        wanted = dict(parse_qsl(query))
        limit = min(int(wanted.pop("limit", LIMIT)), MOST)
        order = wanted.pop("orderBy", "")
        found = [
            each for each in found if all(each.get(name) == wanted[name] for name in wanted)
        ]
        if order:
            found = _sorted(found, order)
        return {
            "results": [_only(each, properties) for each in found[:limit]],
            "total": len(found),
            "has_more": len(found) > limit,
            "offset": min(limit, len(found)),
        }


@cache
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(extensions=[ModuleTag], autoescape=False)
    environment.filters |= {
        "escape_html": escape_html,
        "escape_attr": escape_html,
        "split": lambda text, by=",": str(text).split(by),
        "format_currency_value": format_currency_value,
    }
    environment.tests |= {
        "string_startingwith": lambda text, start: str(text).startswith(start),
        "string_containing": lambda text, part: part in str(text),
    }
    return environment


@lru_cache(maxsize=64)
def _compiled(source: str) -> Template:
    return _environment().from_string(source)


def escape_html(value: object) -> str:
    """Text that no HTML reader takes for mark-up, and no HubL reader for a token."""
    return escape(str(value)).replace("{", "&#123;").replace("}", "&#125;")


def format_currency_value(value: float, locale: str = "en-US", currency: str = "USD") -> str:
    """An amount as people of the locale write it, with as many decimals as the currency has."""
    try:
        known = Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        known = Locale("en", "US")
    return format_currency(Decimal(str(value)), currency, locale=known)


def account_settings(language: str) -> dict[str, str]:
    """What HubSpot fills in from the account's settings: here, what stands for it."""
    texts = read_preview_texts(language_of("", base_language(language)))
    return {
        "company_name": texts["company"],
        "company_street_address_1": texts["street"],
        "company_street_address_2": "",
        "company_city": texts["city"],
        "company_state": "",
        "company_zip": texts["postcode"],
        "company_country": texts["country"],
    }


def _defaults(folder: str) -> dict[str, Any]:
    fields = json.loads(_read(f"{folder}/fields.json"))
    return {field["name"]: field["default"] for field in fields}


def _read(path: str) -> str:
    """A design file by its path in the design manager."""
    try:
        return read_design_file(path)
    except FileNotFoundError as error:
        raise SettingsError(
            f"There is no file load/workflows/{path.removeprefix(ROOT)}, which an e-mail "
            "template places. Correct its path, then repeat the command."
        ) from error


def _only(record: Record, properties: str) -> Record:
    """Of a record what was asked for and is not blank."""
    return {name: record[name] for name in properties.split(",") if record.get(name)}


def _sorted(records: list[Record], order: str) -> list[Record]:
    """Records by a property, descending after a minus; those without it come last."""
    name = order.removeprefix("-")
    having = [each for each in records if each.get(name)]
    having.sort(key=lambda each: each[name], reverse=order.startswith("-"))
    return having + [each for each in records if not each.get(name)]
