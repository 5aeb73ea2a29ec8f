"""The e-mails of a workflow and the files that they are made from, put into HubSpot.

What a person changed there is not written over, unless asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cartwheel.core.errors import ServiceError
from load.hubspot.client import Answer, HubSpotClient, raise_for_error
from load.workflows.definition.comparison import differences
from load.workflows.mailing.design_files import DesignFile
from load.workflows.mailing.design_manager import DesignManager
from load.workflows.mailing.marketing_emails import Body, MarketingEmails
from load.workflows.mailing.messages import DRAFT, Message
from load.workflows.state.ledger import Asset, WorkflowLedger
from load.workflows.state.report import Outcome, Part

Assets = Mapping[tuple[str, str], Asset]

AUTOMATED = "automated"


def changed(sent: Body, stored: Body) -> bool:
    """Whether HubSpot's e-mail is not as it was sent.

    A publication changes the state, HubSpot completes the sender, and which subcategory an
    account takes shows at the creation.
    """
    own = ("state", "from", "subcategory")
    compared = {name: each for name, each in sent.items() if name not in own}
    sender = stored.get("from") or {}
    other_sender = any(sender.get(name) != each for name, each in sent.get("from", {}).items())
    return other_sender or any(differences(compared, stored))


@dataclass(frozen=True)
class Sender:
    """Who sends the e-mails, for which kind of flow, and whether we may publish them."""

    from_name: str
    reply_to: str
    subcategory: str
    may_publish: bool

    @property
    def why_draft(self) -> str:
        """Why an e-mail stays a draft, "" where it is published."""
        if not self.may_publish:
            return "a draft: the token may not publish it"
        missing = [
            *([] if self.reply_to else ["address for answers (--reply-to)"]),
            *([] if self.from_name else ["sender (--from-name)"]),
        ]
        if missing:
            return f"a draft: it has no {' and no '.join(missing)}"
        return ""


class EmailParts:
    """Files and e-mails of a workflow; each is noted in the ledger as soon as it is there.

    Without a ledger nothing is written, and the parts say what would be. files are the assets
    that all workflows share, emails those of the workflow; with ours, a person's edits are
    written over.
    """

    def __init__(
        self,
        hubspot: HubSpotClient,
        workflow: str,
        *,
        files: Assets,
        emails: Assets,
        ledger: WorkflowLedger | None,
        ours: bool,
    ) -> None:
        self._design = DesignManager(hubspot)
        self._emails = MarketingEmails(hubspot)
        self._workflow, self._ledger, self._ours = workflow, ledger, ours
        self._known_files, self._known_emails = files, emails

    def upload(self, files: Iterable[DesignFile]) -> list[Part]:
        """Upload modules and templates in their order; a part for each outcome."""
        outcomes: dict[Outcome, list[str]] = {}
        for file in files:
            outcomes.setdefault(self._uploaded(file), []).append(file.path)
        return [
            Part(
                "files:",
                f"{len(paths)} in the design manager",
                outcome,
                note=f"a person changed {', '.join(paths)}" if outcome == "kept" else "",
            )
            for outcome, paths in outcomes.items()
        ]

    def email(self, message: Message, sender: Sender) -> Part:
        """Create an e-mail, or bring one that nobody changed to what is wanted; publish it.

        Raises ServiceError for one of that name that is not ours.
        """
        body = message.body(
            from_name=sender.from_name,
            reply_to=sender.reply_to,
            subcategory=sender.subcategory,
        )
        asset = self._known_emails.get(("email", message.name))
        found = self._emails.get(asset.hubspot_id) if asset else None
        if found is None:
            asset, found = None, self._emails.named(message.name)
        if found is None:
            return self._created(message.name, body, sender)
        email_id = str(found["id"])
        if asset is None:
            if changed(body, found):
                raise ServiceError(
                    f"HubSpot has an e-mail named {message.name!r} (id {email_id}), which is "
                    "not Cartwheel's or was changed. Rename it in HubSpot, then run the same "
                    "command again"
                )
            self._note(message.name, email_id, body)  # a killed run created it
        elif all(changed(each, found) for each in asset.versions) and not self._ours:
            draft = found.get("state") == DRAFT
            return Part("e-mail", message.name, "kept", email_id, "a person changed it", draft)
        outcome: Outcome = "exists"
        if changed(body, found):
            outcome = "updated"
            if self._ledger is not None:
                self._note(message.name, email_id, body, asset.sent if asset else None)
                answer = self._emails.update(email_id, body)
                if not answer.ok:
                    return Part("e-mail", message.name, "refused", email_id, _said(answer))
        return self._published(message.name, outcome, email_id, found, sender)

    def _created(self, name: str, body: Body, sender: Sender) -> Part:
        if self._ledger is None:
            return Part("e-mail", name, "created", "", sender.why_draft, bool(sender.why_draft))
        answer = self._emails.create(body)
        if isinstance(answer, Answer) and answer.status == 400:
            # not every account has the kind that deals' flows send
            answer = self._emails.create(body | {"subcategory": AUTOMATED})
        if isinstance(answer, Answer):
            raise_for_error(answer, f"create the e-mail {name}")
            answer = answer.body
        email_id = str(answer["id"])
        self._note(name, email_id, body)
        return self._published(name, "created", email_id, answer, sender)

    def _published(
        self, name: str, outcome: Outcome, email_id: str, found: Body, sender: Sender
    ) -> Part:
        """The part of an e-mail, which is published if it is a draft and that is allowed."""
        if found.get("state") != DRAFT:
            return Part("e-mail", name, outcome, email_id)
        if sender.why_draft or self._ledger is None:
            why = sender.why_draft
            return Part("e-mail", name, outcome, email_id, why, is_draft=bool(why))
        answer = self._emails.publish(email_id)
        note = (
            "published"
            if answer.ok
            else f"a draft: HubSpot did not publish it ({_said(answer)})"
        )
        return Part("e-mail", name, outcome, email_id, note, is_draft=not answer.ok)

    def _uploaded(self, file: DesignFile) -> Outcome:
        asset = self._known_files.get(("file", file.path))
        theirs = self._design.hash_of(file.path)
        if theirs is None:
            self._write(file)
            return "created"
        untouched = asset is not None and theirs == asset.remote
        if asset is not None and untouched and asset.sent == file.digest:
            return "exists"
        if self._design.read(file.path) == file.content:
            self._note_file(file, theirs)
            return "exists"
        if not (untouched or self._ours):
            return "kept"
        self._write(file)
        return "updated"

    def _write(self, file: DesignFile) -> None:
        if self._ledger is not None:
            self._note_file(file, self._design.write(file.path, file.content))

    def _note(self, name: str, email_id: str, body: Body, former: Body | None = None) -> None:
        if self._ledger is not None:
            self._ledger.note(self._workflow, Asset("email", name, email_id, body, former))

    def _note_file(self, file: DesignFile, remote: str) -> None:
        if self._ledger is not None:
            self._ledger.note(
                "", Asset("file", file.path, file.path, file.digest, remote=remote)
            )


def _said(answer: Answer) -> str:
    return str(answer.body.get("message", answer.status)).rstrip(".")
