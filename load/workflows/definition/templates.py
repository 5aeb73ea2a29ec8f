"""The three workflows: their objects, their fixed triggers and their recommended actions.

The rules: docs/reference/rules.md#audiences
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cartwheel.core.clock import without_zone
from cartwheel.core.errors import SettingsError
from load.account.pipeline import DealPipeline
from load.hubspot.filters import (
    CONTACTS,
    DEAL_TO_CONTACT,
    DEALS,
    Branch,
    Filter,
    all_of,
    any_of,
    associated,
    is_any_of,
    is_known,
    is_not_true,
    is_recent,
    is_true,
)
from load.objects.catalogue import PIPELINE, purchase_stages
from load.workflows.definition.steps import Step, read_steps

# a deal enters within this many days of its cause: not the old ones of a shop that is connected
# later, nor those of somebody who consents a year later
RECENT_DAYS = 30
CONSENT = "shopify_accepts_marketing"
ELSEWHERE = "shopify_recovered_elsewhere"
ABANDONED, CANCELLED = "checkout_abandoned", "cancelled"


@dataclass(frozen=True)
class Template:
    """A workflow that Cartwheel can create.

    since is the property that says when a record entered; properties are those that its filters
    and its e-mails read, by object. about stands in HubSpot; trigger, leaves, waits and holds
    are for people here: holds is what is checked before each later e-mail.
    """

    name: str
    title: str
    object_name: str
    mails: int
    recommended: str
    since: str
    properties: Mapping[str, tuple[str, ...]]
    about: str
    trigger: str
    leaves: str
    waits: str
    holds: str = ""

    @property
    def object_type_id(self) -> str:
        """HubSpot's id of the object that it enrols."""
        return DEALS if self.is_deal_based else CONTACTS

    @property
    def is_deal_based(self) -> bool:
        """Whether it enrols deals, and mails the contacts associated with them."""
        return self.object_name == "deals"

    def counts_from(self, now: datetime) -> datetime:
        """When those entered whom the trigger still lets in, at the earliest; UTC, naive."""
        days = RECENT_DAYS if self.is_deal_based else 100 * 365
        return without_zone(now) - timedelta(days=days)

    @property
    def steps(self) -> tuple[Step, ...]:
        """The recommended actions."""
        return read_steps(self.recommended, self.mails)

    @property
    def table(self) -> str:
        """The audience in the warehouse."""
        return f"workflows.{self.name}"


_OF_LINES = ("shopify_image_url", "shopify_variant_title")
TEMPLATES = {
    each.name: each
    for each in (
        Template(
            name="new_customer",
            title="New customer",
            object_name="deals",
            mails=3,
            recommended="mail1,delay:3d,mail2,delay:7d,mail3",
            since="closedate",
            properties={
                "deals": ("shopify_new_customer",),
                "contacts": (CONSENT, "shopify_last_order_items_html"),
                "line_items": _OF_LINES,
            },
            about="Welcomes new customers: deals that Cartwheel marks as a first purchase.",
            trigger="the deal is its buyer's first purchase in the shop, made within 30 days, "
            "and its buyer agreed to e-mail marketing",
            leaves="the order is cancelled",
            waits="The first e-mail is sent with the first sync after the purchase.",
            holds="consent still stands",
        ),
        Template(
            name="abandoned_checkout",
            title="Abandoned cart",
            object_name="deals",
            mails=2,
            recommended="mail1,delay:2d,mail2",
            since="shopify_abandoned_since",
            properties={
                "deals": ("shopify_abandoned_since", ELSEWHERE),
                "contacts": (
                    *(CONSENT, "shopify_abandoned_checkout_items_html"),
                    "shopify_abandoned_checkout_url",
                ),
                "line_items": _OF_LINES,
            },
            about="Reminds of abandoned carts: deals that Cartwheel marks as abandoned.",
            trigger="the checkout was begun 24 hours ago (unless dbt_project.yml says "
            "otherwise), within 30 days, and is not completed, and its buyer has bought "
            "nothing since and agreed to e-mail marketing",
            leaves="the checkout is completed, or its buyer buys anything else",
            waits="The 24 hours pass in the warehouse, so the workflow has no delay before its "
            "first e-mail, which is sent with the first sync after them: with hourly syncs "
            "after 24 to 25 hours.",
            holds="the cart is still open and consent still stands",
        ),
        Template(
            name="re_engagement",
            title="Re-engagement",
            object_name="contacts",
            mails=3,
            recommended="mail1,delay:7d,mail2,delay:14d,mail3",
            since="shopify_re_engagement_since",
            properties={
                "contacts": (
                    *(CONSENT, "shopify_re_engagement", "shopify_re_engagement_since"),
                    "shopify_last_order_items_html",
                ),
                "line_items": _OF_LINES,
            },
            about="Wins customers back: contacts that Cartwheel marks as lapsed.",
            trigger="the person has bought before, but nothing for 90 days (unless "
            "dbt_project.yml says otherwise), and agreed to e-mail marketing",
            leaves="the person buys again, or withdraws consent",
            waits="A person enters with the first sync after that day, once for each lapse.",
        ),
    )
}
TITLES = {name: template.title for name, template in TEMPLATES.items()}


def template_named(name: str) -> Template:
    """The template of that name; raises SettingsError naming those there are."""
    if name not in TEMPLATES:
        raise SettingsError(
            f"There is no workflow {name!r}; there are {', '.join(TEMPLATES)}. To see them: "
            "cartwheel workflows list"
        )
    return TEMPLATES[name]


def consent_of_contact() -> Branch:
    """The deal has a contact who accepts marketing."""
    return associated(CONTACTS, DEAL_TO_CONTACT, [is_true(CONSENT)])


def enrolment_filters(template: Template, pipeline: DealPipeline) -> tuple[list[Filter], bool]:
    """The filters of the fixed trigger; whether consent is asked of the associated contact."""
    if template.name == "re_engagement":
        return [
            is_true("shopify_re_engagement"),
            is_known("shopify_re_engagement_since"),
            is_true(CONSENT),
        ], False
    ours = is_any_of("pipeline", [pipeline.pipeline_id or PIPELINE])
    if template.name == "new_customer":
        stages = stage_ids(pipeline, purchase_stages())
        return [
            ours,
            is_recent(template.since, RECENT_DAYS),
            is_true("shopify_new_customer"),
            is_any_of("dealstage", stages),
        ], True
    return [
        ours,
        is_recent(template.since, RECENT_DAYS),
        is_known("shopify_abandoned_since"),
        is_any_of("dealstage", stage_ids(pipeline, [ABANDONED])),
        is_not_true(ELSEWHERE),
    ], True


def suppression(template: Template, pipeline: DealPipeline) -> Branch | None:
    """The deals that leave, and do not enter; contacts leave by no longer matching.

    It names no state that a deal passes before it enters: a deal that stops matching a
    suppression is not enrolled by itself (docs/reference/workflows.md#enrolment).
    """
    if not template.is_deal_based:
        return None
    cancelled = stage_ids(pipeline, [CANCELLED])
    if template.name == "new_customer":
        return any_of(all_of(is_any_of("dealstage", cancelled)))
    bought = [*stage_ids(pipeline, purchase_stages()), *cancelled]
    return any_of(all_of(is_any_of("dealstage", bought)), all_of(is_true(ELSEWHERE)))


def before_mail(template: Template, pipeline: DealPipeline) -> Branch | None:
    """What must hold of a deal before each further mail; None for contacts, who leave."""
    if not template.is_deal_based:
        return None
    filters: list[Filter] = []
    if template.name == "abandoned_checkout":
        filters = [
            is_any_of("dealstage", stage_ids(pipeline, [ABANDONED])),
            is_not_true(ELSEWHERE),
        ]
    return any_of(all_of(*filters, among=[consent_of_contact()]))


def stage_ids(pipeline: DealPipeline, stages: list[str]) -> list[str]:
    """The account's ids of our stages."""
    return [pipeline.stage_ids.get(stage, stage) for stage in stages]
