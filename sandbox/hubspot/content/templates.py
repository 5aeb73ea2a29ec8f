"""A coded template: its annotations, the modules it places, and what an e-mail must print."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from sandbox.hubspot.content.language import Placed, read_script
from sandbox.hubspot.content.modules import Module, Reader, read_module
from sandbox.hubspot.core.problems import Problem, bad_request

TYPES = {
    "blog", "blog_listing", "blog_post", "email", "email_subscription_preferences_page",
    "email_subscriptions_confirmation_page", "email_backup_unsubscribe_page", "error_page",
    "global_partial", "membership_login_page", "none", "page", "password_prompt_page",
    "search_results_page", "section",
}  # fmt: skip
SWITCHES = ("isAvailableForNewContent", "isEnabledForEmailV3Rendering")
ANNOTATIONS = re.compile(r"\s*<!--(.*?)-->", re.DOTALL)
ADDRESS = (
    "company_name", "company_street_address_1", "company_street_address_2", "company_city",
    "company_state", "company_zip", "company_country",
)  # fmt: skip
UNSUBSCRIBE = ("unsubscribe_link", "unsubscribe_link_all")
CAN_SPAM = "@hubspot/email_can_spam"
MISSING_TAGS = "You are missing the following required tags in your template"
# what HubSpot's own module prints, as far as an e-mail must
BUILT_IN: Mapping[str, Module] = {
    CAN_SPAM: Module(
        frozenset({"EMAIL"}),
        (),
        "<p>"
        + ", ".join(f"{{{{ site_settings.{name} }}}}" for name in ADDRESS)
        + '</p><p><a href="{{ unsubscribe_link }}">Unsubscribe</a> '
        '<a href="{{ unsubscribe_link_all }}">Manage preferences</a></p>',
    )
}
# what a module tag may set beside the fields of the module
OF_THE_TAG = {"label", "no_wrapper", "extra_classes", "unique_in_loop"}


class Template(NamedTuple):
    """What the first comment of a template says of it."""

    kind: str
    label: str
    is_programmable: bool


def read_template(source: str) -> Template | None:
    """The annotations of a file, None if it has none. Raises Problem 400 for wrong ones."""
    comment = ANNOTATIONS.match(source)
    if not comment or "templateType" not in comment[1]:
        return None
    given = {
        key.strip(): value.strip()
        for key, colon, value in (line.partition(":") for line in comment[1].splitlines())
        if colon
    }
    kind = given.get("templateType", "")
    if kind not in TYPES:
        raise bad_request(
            f"'{kind}' is not a template type; each annotation stands on a line of its own"
        )
    for name in SWITCHES:
        if given.get(name, "true") not in ("true", "false"):
            raise bad_request(f"{name} is true or false")
    is_programmable = given.get("isEnabledForEmailV3Rendering") == "true"
    return Template(kind, given.get("label", ""), is_programmable)


def check_template(read: Reader, path: str, source: str, *, is_published: bool) -> None:
    """Check an HTML file before it is stored. Raises Problem 400.

    The modules it places must be there, with the fields that it sets; a published e-mail
    must print the sender's address and a way to unsubscribe.
    """
    script, template = read_script(source), read_template(source)
    is_email = template is not None and template.kind == "email"
    for placed in script.placed:
        module = module_at(read, placed.path)
        if module is None:
            raise bad_request(f"{path}: there is no module at path {placed.path}")
        if is_email and not module.hosts & {"EMAIL", "ANY"}:
            raise bad_request(f"{path}: module {placed.path} is not made for EMAIL")
        unknown = placed.fields - OF_THE_TAG - {field["name"] for field in module.fields}
        if unknown:
            raise bad_request(f"{path}: {placed.path} has no field {min(unknown)}")
    if is_email and is_published and (lacking := _lacking(script.printed, script.placed)):
        raise Problem(
            400,
            "VALIDATION_ERROR",
            f"{MISSING_TAGS}: {', '.join(lacking)}",
            errors=[{"message": f"{MISSING_TAGS}: {tag}"} for tag in lacking],
        )


def module_at(read: Reader, path: str) -> Module | None:
    """An account's module, or one of HubSpot's own, by its path."""
    return BUILT_IN.get(path.strip("/").removesuffix(".module")) or read_module(read, path)


def _lacking(printed: frozenset[str], placed: tuple[Placed, ...]) -> list[str]:
    if any(each.path.strip("/").removesuffix(".module") == CAN_SPAM for each in placed):
        return []
    lacking = [f"site_settings.{name}" for name in ADDRESS]
    lacking = [name for name in lacking if name not in printed]
    return lacking if printed.intersection(UNSUBSCRIBE) else [*lacking, UNSUBSCRIBE[0]]
