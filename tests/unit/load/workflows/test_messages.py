"""What the workflows' e-mails say, and the bodies that create them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import combinations

import pytest

from cartwheel.core.errors import SettingsError
from load.objects.catalogue import PIPELINE, stages
from load.workflows.definition.templates import TITLES
from load.workflows.mailing.messages import messages
from load.workflows.mailing.texts import FOLDER, LANGUAGES

STAGES = {stage.stage_id: f"{stage.stage_id}-here" for stage in stages()}


def of(workflow: str, language: str = "en", **changes):
    """The messages of a workflow in an account whose ids are not ours."""
    return messages(workflow, language, pipeline_id="7", stage_ids=STAGES, **changes)


def every_message(*, programmable: bool = True):
    """Each message in each language."""
    for workflow in TITLES:
        for language in LANGUAGES:
            yield from of(workflow, language, programmable=programmable)


def leaves(
    node: object, path: tuple[object, ...] = ()
) -> Iterator[tuple[tuple[object, ...], object]]:
    """Every text of a document with the place where it stands."""
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(node, list):
        for place, inner in enumerate(node):
            yield from leaves(inner, (*path, place))
    else:
        yield path, node


def test_each_language_says_everything():
    """Every file has the same texts, none of them blank."""
    found = {
        language: dict(leaves(tomllib.loads((FOLDER / f"{language}.toml").read_text())))
        for language in LANGUAGES
    }

    assert LANGUAGES[0] == "en"
    for language, texts in found.items():
        assert texts.keys() == found["en"].keys(), language
        assert all(isinstance(text, str) and text.strip() for text in texts.values()), language


def test_a_translation_is_not_english():
    """No sentence is the same in two languages."""
    said = [
        {str(text) for _, text in leaves(tomllib.loads((FOLDER / f"{each}.toml").read_text()))}
        for each in LANGUAGES
    ]

    for one, other in combinations(said, 2):
        assert not {text for text in one & other if " " in text}


def test_a_french_mark_never_begins_a_line():
    """Before ? ! and : stands a no-break space."""
    texts = [str(text) for _, text in leaves(tomllib.loads((FOLDER / "fr.toml").read_text()))]

    assert not [text for text in texts if re.search(r"(?<!\u00a0)[?!]|[^\u00a0]:", text)]


def test_a_workflow_has_at_most_three_messages():
    """Each has at least one, in every language as many."""
    for workflow in TITLES:
        numbers = {tuple(each.number for each in of(workflow, each)) for each in LANGUAGES}
        [numbered] = numbers
        assert numbered == tuple(range(1, len(numbered) + 1))
        assert 1 <= len(numbered) <= 3


def test_names_tell_what_it_is():
    """The names that the project agreed on; no two e-mails share one."""
    names = [each.name for each in every_message()]

    assert "Cartwheel: New customer 1 (en)" in names
    assert "Cartwheel: Abandoned cart 2 (fr)" in names
    assert "Cartwheel: Re-engagement 3 (de)" in names
    assert len(set(names)) == len(names)


def test_a_region_is_read_as_its_language():
    """fr-CA and FR_fr are French; blank is English."""
    assert (
        of("re_engagement", "fr-CA")
        == of("re_engagement", "fr")
        == of("re_engagement", "FR_fr")
    )
    assert of("re_engagement", "") == of("re_engagement", "en")


def test_an_unknown_language_is_refused():
    """The error names the languages that there are."""
    with pytest.raises(SettingsError, match="'sv'; there are en, de, es, fr, it, ja, nl, pt"):
        of("re_engagement", "sv")


def test_an_unknown_workflow_is_refused():
    """The error names the workflows that there are."""
    with pytest.raises(
        SettingsError, match="there are new_customer, abandoned_checkout, re_eng"
    ):
        of("win_back")


def test_the_body_makes_an_automated_draft():
    """What HubSpot takes, with the sender; nothing that it ignores."""
    [message, *_] = of("abandoned_checkout", "de")
    body = message.body(
        from_name="Laden", reply_to="hallo@example.com", subcategory="automated"
    )

    assert body == {
        "name": "Cartwheel: Abandoned cart 1 (de)",
        "subject": message.subject,
        "subcategory": "automated",
        "state": "AUTOMATED_DRAFT",
        "language": "de",
        "from": {"fromName": "Laden", "replyTo": "hallo@example.com"},
        "content": {
            "templatePath": "cartwheel/emails/abandoned_checkout.html",
            "widgets": message.widgets,
            "plainTextVersion": message.plain_text,
        },
    }


def test_a_sender_that_is_not_named_is_left_to_hubspot():
    """The account's own address answers then."""
    [message, *_] = of("new_customer")

    body = message.body(from_name="A", reply_to="", subcategory="automated")
    assert body["from"] == {"fromName": "A"}


def test_items_are_found_with_the_account_s_ids():
    """Pipeline and stages are those of the account, not ours."""
    bodies = {workflow: of(workflow)[0].widgets["items"]["body"] for workflow in TITLES}

    assert {body["pipeline_id"] for body in bodies.values()} == {"7"} != {PIPELINE}
    assert bodies["abandoned_checkout"]["stage_id"] == "checkout_abandoned-here"
    assert bodies["re_engagement"]["purchase_stages"] == (
        "checkout_completed-here,processed-here,shipped-here"
    )


@pytest.mark.parametrize("programmable", [True, False])
def test_each_message_has_all_that_a_reader_sees(programmable):
    """Subject, preview text, heading, text and the way out, in the plain text as well."""
    for message in every_message(programmable=programmable):
        widgets = {name: each["body"] for name, each in message.widgets.items()}
        assert message.subject
        assert len(message.subject) <= 60, message.subject
        assert widgets["preview_text"] == {"value": message.preview_text}
        assert widgets["heading"]["value"] in message.plain_text
        assert widgets["why"]["value"] in message.plain_text
        assert "{{ unsubscribe_link }}" in message.plain_text
        assert "{{ site_settings.company_street_address_1 }}" in message.plain_text
        assert widgets["message"]["text"].startswith("<p>")


def test_the_cart_s_link_is_in_its_plain_text():
    """Whoever reads no HTML gets back to the cart as well."""
    for message in of("abandoned_checkout"):
        assert "{{ contact.shopify_abandoned_checkout_url }}" in message.plain_text
