"""A marketing e-mail as one contact receives it: subject, HTML and plain text.

What records hold is data: it is printed and never read as HubL. What authors write (the
template, its modules, the fields, the subject, the plain text) is HubL.

Where an e-mail is not programmable, HubSpot prints tokens into the finished text, after all
filters and conditions: an escape_html on a token does nothing. So it is here.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any, NamedTuple

from jinja2 import TemplateError

from sandbox.hubspot.content.crm_functions import (
    MOST_FUNCTIONS,
    CannotRender,
    CrmFunctions,
)
from sandbox.hubspot.content.files import Files
from sandbox.hubspot.content.language import (
    CRM_FUNCTIONS,
    PLACER,
    Placed,
    compiled,
    read_script,
)
from sandbox.hubspot.content.modules import Module
from sandbox.hubspot.content.templates import module_at, read_template
from sandbox.hubspot.core.access import Access
from sandbox.hubspot.core.problems import Problem
from sandbox.hubspot.records.crm import Crm
from sandbox.hubspot.records.records import Record

SITE: Mapping[str, str] = {
    "company_name": "Sandbox Ltd",
    "company_street_address_1": "1 Test Street",
    "company_street_address_2": "Floor 2",
    "company_city": "Dublin",
    "company_state": "Leinster",
    "company_zip": "D01",
    "company_country": "Ireland",
    "company_domain": "shop.example",
}
OPENING = re.compile(r"\{[{%]")
LINES = {"br", "div", "h1", "h2", "h3", "h4", "li", "p", "table", "tr"}
NOT_SHOWN = {"head", "script", "style", "title"}
# a template that divides by zero or adds text to a number is an author's mistake
MISTAKES = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip


class Rendered(NamedTuple):
    """What a contact receives."""

    subject: str
    html: str
    text: str


class Renderer:
    """Renders the e-mails of an account.

    site is what site_settings prints.
    """

    def __init__(self, crm: Crm, files: Files, access: Access) -> None:
        self.site = dict(SITE)
        self._crm = crm
        self._files = files
        self._access = access

    def render(
        self,
        email: Mapping[str, Any],
        contact: Record,
        deal: Record | None = None,
        email_id: str = "",
    ) -> Rendered:
        """An e-mail's members for a contact, and for the deal whose flow sends it.

        Raises CannotRender where HubSpot would not send it.
        """
        content = email["content"]
        path = content.get("templatePath")
        source = self._files.text(path) if path else None
        template = read_template(source) if source is not None else None
        if source is None or template is None:
            raise CannotRender(f"There is no published template at {path}")
        mail = _Mail(
            self._crm,
            self._files,
            content.get("widgets") or {},
            is_programmable=self._access.has_programmable_emails and template.is_programmable,
        )
        mail.context = {
            "contact": mail.record("contact", contact),
            "site_settings": self.site,
            "content": {"name": email["name"], "subject": email.get("subject"), "id": email_id},
            "html_lang": email.get("language") or "en",
            "portal_id": self._crm.portal_id,
            "year": self._crm.clock.now().year,
            **self._links(email_id, contact.id),
        }
        if deal is not None:
            mail.context["deal"] = mail.record("deal", deal)
        try:
            mail.check(source)
            subject = mail.render(email.get("subject") or "")
            mail.context["content"]["subject"] = subject
            html = mail.filled(mail.render(source))
            text = mail.filled(mail.render(content.get("plainTextVersion") or ""))
        except Problem as problem:
            raise CannotRender(problem.message) from None
        except (TemplateError, *MISTAKES) as error:
            raise CannotRender(f"{type(error).__name__}: {error}") from None
        # a header is one line, whatever a name holds
        return Rendered(" ".join(mail.filled(subject).split()), html, text or plain_text(html))

    def _links(self, email_id: str, contact_id: str) -> dict[str, str]:
        base = f"https://{self._crm.portal_id}.hs-sites.example"
        query = f"email={email_id}&contact={contact_id}"
        return {
            "unsubscribe_link": f"{base}/unsubscribe?{query}",
            "unsubscribe_link_all": f"{base}/unsubscribe-all?{query}",
            "view_as_page_url": f"{base}/email?{query}",
        }


class _Tokens(dict[str, str]):
    """The tokens of a record that a text is filled with when all else of it is done."""

    def __init__(self, mail: _Mail, values: Mapping[str, str]) -> None:
        super().__init__()
        self._mail = mail
        self._values = values

    def __missing__(self, name: str) -> str:
        return self._mail.token(self._values.get(name, ""))


class _Mail:
    """One e-mail on its way to one contact."""

    def __init__(
        self, crm: Crm, files: Files, widgets: Mapping[str, Any], *, is_programmable: bool
    ) -> None:
        self.context: dict[str, Any] = {}
        self._files = files
        self._widgets = widgets
        self._is_programmable = is_programmable
        self._functions = CrmFunctions(crm)
        self._values: list[str] = []
        self._records: dict[str, Mapping[str, str]] = {}
        # nobody who writes a name or a title can guess what a token looks like
        self._secret = secrets.randbelow(10**18)  # digits, which no filter changes
        self._token = re.compile(rf"\ue000{self._secret}-(\d+)\ue001")

    def record(self, name: str, record: Record) -> Mapping[str, str]:
        """A record under a name: its values, or tokens for them."""
        self._records[name] = record.properties
        if self._is_programmable:
            return dict(record.properties)
        return _Tokens(self, record.properties)

    def token(self, value: str) -> str:
        """A text that stands for a value until the end."""
        self._values.append(value)
        return f"\ue000{self._secret}-{len(self._values) - 1}\ue001"

    def filled(self, text: str) -> str:
        """A text with its tokens replaced, once: what a value holds is not looked at."""
        return self._token.sub(lambda match: self._values[int(match[1])], text)

    def check(self, source: str) -> None:
        """Raise CannotRender for a template that calls the CRM too often, or may not."""
        calls = self._calls(source)
        if calls and not self._is_programmable:
            raise CannotRender(
                "CRM functions need programmable e-mail: isEnabledForEmailV3Rendering in the "
                "template, and a plan that has it"
            )
        if calls > MOST_FUNCTIONS:
            raise CannotRender(
                f"An email has at most {MOST_FUNCTIONS} CRM functions, and this one has {calls}"
            )

    def render(self, source: str, **more: Any) -> str:
        """HubL as text, with more names than the e-mail's own."""
        functions = {name: getattr(self._functions, name) for name in CRM_FUNCTIONS}
        return compiled(source).render(
            **self.context,
            **functions,
            **more,
            **{PLACER: self._place, "personalization_token": self._personalization_token},
        )

    def _place(self, name: str, parameters: Mapping[str, Any]) -> str:
        module = self._module(parameters["path"])
        widget = self._widgets.get(name) or {}
        given = {**module.defaults, **parameters, **(widget.get("body") or {})}
        outside = self._functions.place
        self._functions.place = f"{outside}/{name}"
        rendered = self.render(module.source, module=self._authored(given), name=name)
        self._functions.place = outside
        if given.get("no_wrapper") is True:
            return rendered
        return (
            f'<div id="hs_cos_wrapper_{name}" class="hs_cos_wrapper hs_cos_wrapper_widget '
            'hs_cos_wrapper_type_module" data-hs-cos-general-type="widget" '
            f'data-hs-cos-type="module">{rendered}</div>'
        )

    def _authored(self, value: Any) -> Any:
        """The value of a field, with the HubL that its author wrote rendered."""
        if isinstance(value, str):
            return self.render(value) if OPENING.search(value) else value
        if isinstance(value, dict):
            return {name: self._authored(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._authored(each) for each in value]
        return value

    def _module(self, path: str) -> Module:
        module = module_at(self._files.text, path)
        if module is None:
            raise CannotRender(f"There is no module at path {path}")
        return module

    def _calls(self, source: str) -> int:
        script = read_script(source)
        return script.crm_calls + sum(map(self._calls_of, script.placed))

    def _calls_of(self, placed: Placed) -> int:
        return self._calls(self._module(placed.path).source)

    def _personalization_token(self, token: str, default: str = "") -> str:
        record, _, name = str(token).partition(".")
        value = self._records.get(record, {}).get(name) or str(default)
        return value if self._is_programmable else self.token(value)


class _PlainText(HTMLParser):
    """The words of an HTML document, a line for each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._hidden += tag in NOT_SHOWN
        if tag in LINES:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in NOT_SHOWN and self._hidden > 0
        if tag in LINES:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.said.append(re.sub(r"\s+", " ", data))


def plain_text(html: str) -> str:
    """What HubSpot makes of an e-mail that has no plain text of its own."""
    reader = _PlainText()
    reader.feed(html)
    reader.close()
    lines = (line.strip() for line in "".join(reader.said).splitlines())
    return "\n".join(line for line in lines if line)
