"""What a preview shows is what the sandbox's HubSpot sends, by rules of its own."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette

from cartwheel.core.progress import silent
from cartwheel.core.settings import Settings
from load.objects.catalogue import PIPELINE
from load.run import load
from load.setup.run import set_up
from load.workflows.definition.templates import TITLES
from load.workflows.mailing.design_files import design_files
from load.workflows.mailing.messages import messages
from load.workflows.preview.hubl import account_settings
from load.workflows.preview.run import preview
from sandbox.core.listening import running
from sandbox.hubspot.app import routes
from tests.integration.load.conftest import NOW, Prepared, new_account, settings_of
from tests.integration.load.workflows.audiences import (
    fill_audiences,
    make_audiences,
    order,
)
from tests.integration.load.workflows.mails import STAGES, Page

OBJECTS = {"new_customer": "0-3", "abandoned_checkout": "0-3", "re_engagement": "0-1"}


TITLE = '<b>Tee</b> {{ contact.email }} "L"'


@pytest.fixture(scope="module")
def loaded(empty_marts, tmp_path_factory) -> Prepared:
    """A warehouse with audiences, and an account that it was loaded into."""
    folder = tmp_path_factory.mktemp("loaded")
    marts = make_audiences(empty_marts, folder / "warehouse.duckdb")
    fill_audiences(marts)
    marts.run(
        "update hubspot.line_items set name = ? || ' - ''L''', "
        "shopify_variant_title = '''L''', discount = 0.5",
        TITLE,
    )
    marts.run("update hubspot.contacts set firstname = '<i>Ana</i>'")
    marts.run(
        "update hubspot.deals set dealstage = 'shipped', closedate = shopify_abandoned_since "
        "where shopify_deal_key = ?",
        order(2),
    )
    account = new_account()
    with running(Starlette(routes=routes(account))) as url:
        for command in (set_up, load):
            command(settings_of(marts.path, url), silent)
    account.outbox.renderer.site.update(account_settings("en"))
    return Prepared(account, marts.path)


@pytest.mark.parametrize("programmable", [True, False])
@pytest.mark.parametrize("workflow", TITLES)
def test_what_is_shown_is_what_is_sent(loaded, tmp_path, workflow, programmable):
    """Text by text, picture by picture and link by link, in each message of a workflow."""
    account = loaded.account
    for each in design_files(programmable=programmable):
        account.files.write("published", each.path, each.content)
    number = 2 if workflow == "re_engagement" else 3
    email = f"person{number}@example.com"
    contact = account.records["contacts"].owner("email", email)
    deal = account.records["deals"].owner("shopify_deal_key", order(number))
    report = preview(
        Settings(warehouse=loaded.warehouse),
        silent,
        workflow,
        email=email,
        out=tmp_path / "preview",
        programmable=programmable,
    )
    found = messages(
        workflow, "", pipeline_id=PIPELINE, stage_ids=STAGES, programmable=programmable
    )
    texts: set[str] = set()
    for message, file in zip(found, report.files, strict=True):
        body = message.body(
            from_name="Mugs", reply_to="shop@example.com", subcategory="automated"
        )
        made = account.emails.create(body)
        account.emails.publish(made.id)
        account.outbox.send(
            made.id,
            contact,
            flow_id="1",
            object_type_id=OBJECTS[workflow],
            record_id=deal if OBJECTS[workflow] == "0-3" else contact,
            at=NOW,
        )
        sent = account.outbox.sent[-1]
        assert "error" not in sent, sent.get("error")
        assert sent["subject"] == message.subject
        assert seen(sent["html"]) == seen(file.read_text())
        texts |= set(seen(sent["html"])[0])

    assert (TITLE in texts) == programmable


def seen(html: str) -> list[list[str]]:
    """An e-mail's texts, pictures and links, without what HubSpot wraps modules in."""
    page = Page(re.sub(r"<div id=\"hs_cos_wrapper_[^>]*>", "<div>", html))
    links = [link for link in page.values["href"] if "unsubscribe" not in link]
    texts = [" ".join(text.split()) for text in page.texts]
    return [texts, page.values["src"], page.values["alt"], links]
