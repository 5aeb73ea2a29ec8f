"""What an account's plan and a token's scopes allow of a workflow, before anything is written.

The plans: docs/reference/workflows.md#plans
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cartwheel.core.errors import AccessDenied, SettingsError
from load.hubspot.client import Answer, HubSpotClient

# an id that no e-mail has: HubSpot says whether publishing is allowed before it looks for it
NO_EMAIL = "0"


@dataclass(frozen=True)
class Access:
    """What the account lets us do: list, create flows, send mails from them, publish mails.

    Without emails a workflow has no marketing e-mail in it; without publishing, a person
    publishes each; without programmable, an e-mail's items come from a property.
    """

    lists: bool = True
    flows: bool = True
    emails: bool = True
    publishing: bool = True
    programmable: bool = True

    def lacking(self) -> Iterator[str]:
        """What is lacking, what that means and what to do, a sentence each."""
        if not self.flows:
            yield (
                "no workflow: the token lacks the scope automation, or the account has no "
                "Professional hub. Its list is created all the same"
            )
        if not self.emails:
            yield (
                "no e-mails from workflows: the token lacks the scope content, or the account "
                "has no Marketing Hub Professional. The files of the e-mails are left on disk"
            )
        elif not self.publishing:
            yield (
                "e-mails as drafts: the token lacks the scope marketing-email (or "
                "transactional-email). Publish each in HubSpot's e-mail editor"
            )
        if self.emails and not self.programmable:
            yield (
                "no programmable e-mail: the items come from a property of the contact, as "
                "a list without pictures"
            )
        if not self.lists:
            yield "no list: the token lacks the scopes crm.lists.read and crm.lists.write"


# a template that places no module: it is valid on every account whose plan has such e-mails
_TEMPLATE = """<!--
templateType: email
isAvailableForNewContent: false
label: Cartwheel
isEnabledForEmailV3Rendering: {programmable}
-->
<html><body><p>{{{{ site_settings.company_name }}}}
{{{{ site_settings.company_street_address_1 }}}}
{{{{ site_settings.company_street_address_2 }}}}
{{{{ site_settings.company_city }}}} {{{{ site_settings.company_state }}}}
{{{{ site_settings.company_zip }}}} {{{{ site_settings.company_country }}}}</p>
<a href="{{{{ unsubscribe_link }}}}">Unsubscribe</a></body></html>
"""


def ask_access(hubspot: HubSpotClient, automation_path: str) -> Access:
    """Ask what is allowed, changing nothing: HubSpot checks scope and plan before the rest.

    A list without a name, and an e-mail that cannot exist to be published, are refused for
    another reason where the scope is there. A template with programmable e-mail, and one
    without, are given to HubSpot to validate.

    Raises AccessDenied for a token that is wrong altogether, SettingsError where
    HUBSPOT_AUTOMATION_PATH leads nowhere.
    """
    version = hubspot.version
    flows = _allowed(lambda: hubspot.call("GET", f"{automation_path}/flows", None, _ONE))
    if flows is not None and flows.status == 404:
        raise SettingsError(
            f"HubSpot has no workflows at {automation_path}. Set HUBSPOT_AUTOMATION_PATH to "
            "/automation/v4 or to a dated path of its documentation, then run the same command "
            "again"
        )
    reads = _allowed(lambda: hubspot.call("POST", f"/crm/lists/{version}/search", _ONE_LIST))
    writes = reads and _allowed(lambda: hubspot.call("POST", f"/crm/lists/{version}", {}))
    programmable = _takes_template(hubspot, programmable=True)
    emails = _allowed(lambda: hubspot.call("GET", _emails(version), None, _ONE))
    publishing = _allowed(
        lambda: hubspot.call("POST", f"{_emails(version)}/{NO_EMAIL}/publish")
    )
    return Access(
        lists=writes is not None,
        flows=flows is not None,
        emails=emails is not None
        and (programmable or _takes_template(hubspot, programmable=False)),
        publishing=publishing is not None,
        programmable=programmable,
    )


_ONE = {"limit": "1"}
_ONE_LIST = {
    **{"query": "", "offset": 0, "count": 1},
    **{"listIds": [], "processingTypes": [], "additionalProperties": []},
}


def _takes_template(hubspot: HubSpotClient, *, programmable: bool) -> bool:
    path = f"/cms/source-code/{hubspot.version}/published/validate/cartwheel/emails/plan.html"
    content = _TEMPLATE.format(programmable=str(programmable).lower()).encode()
    answer = _allowed(lambda: hubspot.upload("POST", path, content))
    return answer is not None and answer.ok


def _emails(version: str) -> str:
    return f"/marketing/emails/{version}"


def _allowed(ask: Callable[[], Answer]) -> Answer | None:
    """The answer to a question, None where the token or the plan does not allow it."""
    try:
        return ask()
    except AccessDenied as error:
        if error.status != 403:
            raise
        return None
