"""The e-mails of a workflow and the files that they are made from, put into HubSpot.

What a person changed there is not written over, unless asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from load.hubspot.client import HubSpotClient
from load.workflows.comparison import differences
from load.workflows.design_files import DesignFile
from load.workflows.design_manager import DesignManager
from load.workflows.ledger import Asset, WorkflowLedger
from load.workflows.marketing_emails import DRAFT, Body, MarketingEmails
from load.workflows.report import Fate, Part

Assets = Mapping[tuple[str, str], Asset]


def changed(sent: Body, stored: Body) -> bool:
    """Whether HubSpot's e-mail is not as it was sent.

    A publication changes the state, and HubSpot completes the sender.
    """
    compared = {name: each for name, each in sent.items() if name not in ("state", "from")}
    sender = stored.get("from") or {}
    other_sender = any(sender.get(name) != each for name, each in sent.get("from", {}).items())
    return other_sender or any(differences(compared, stored))


class EmailParts:
    """Files and e-mails; each is noted in the ledger as soon as it is there.

    files are the assets that all workflows share, emails those of the template.
    """

    def __init__(
        self, hubspot: HubSpotClient, ledger: WorkflowLedger, files: Assets, emails: Assets
    ) -> None:
        self._design = DesignManager(hubspot)
        self._emails = MarketingEmails(hubspot)
        self._ledger = ledger
        self._known_files, self._known_emails = files, emails

    def upload(self, files: Iterable[DesignFile], *, ours: bool) -> list[Part]:
        """Upload modules and templates in their order; a part for each fate."""
        fates: dict[Fate, list[str]] = {}
        for file in files:
            fates.setdefault(self._uploaded(file, ours=ours), []).append(file.path)
        return [
            Part(
                "files:",
                f"{len(paths)} in the design manager",
                fate,
                note=f"a person changed {', '.join(paths)}" if fate == "kept" else "",
            )
            for fate, paths in fates.items()
        ]

    def email(
        self, workflow: str, name: str, body: Body, *, ours: bool, publishing: bool
    ) -> Part:
        """Create an e-mail, or bring one that nobody changed to what is wanted.

        With publishing, one that is still a draft and nobody changed is published.
        """
        asset = self._known_emails.get(("email", name))
        found = self._emails.get(asset.hubspot_id) if asset else None
        sent = asset.sent if asset and found else body
        fate: Fate
        if found is None:
            found = self._emails.create(body)
            self._note(workflow, name, found, body)
            fate = "created"
        else:
            fate = "exists"
        email_id = str(found["id"])
        if changed(sent, found) and not ours:
            return Part("e-mail", name, "kept", email_id, "a person changed it")
        if changed(body, found):
            answer = self._emails.update(email_id, body)
            if not answer.ok:
                why = str(answer.body.get("message", answer.status))
                return Part("e-mail", name, "kept", email_id, f"HubSpot refused: {why}")
            self._note(workflow, name, found, body)
            fate = "updated"
        note = ""
        if found.get("state") == DRAFT:
            signed = {"fromName", "replyTo"} <= set(body["from"])
            note = self._published(email_id, publishing=publishing, signed=signed)
        return Part("e-mail", name, fate, email_id, note)

    def _uploaded(self, file: DesignFile, *, ours: bool) -> Fate:
        asset = self._known_files.get(("file", file.path))
        theirs = self._design.hash_of(file.path)
        if theirs is None:
            self._note_file(file, self._design.write(file.path, file.content))
            return "created"
        untouched = asset is not None and theirs == asset.remote
        if asset is not None and untouched and asset.sent == file.digest:
            return "exists"
        if self._design.read(file.path) == file.content:
            self._note_file(file, theirs)
            return "exists"
        if not (untouched or ours):
            return "kept"
        self._note_file(file, self._design.write(file.path, file.content))
        return "updated"

    def _published(self, email_id: str, *, publishing: bool, signed: bool) -> str:
        if not publishing:
            return "a draft: publish it in HubSpot's e-mail editor"
        if not signed:
            return "a draft: publish it in HubSpot's editor, or name --from-name and --reply-to"
        answer = self._emails.publish(email_id)
        why = answer.body.get("message", answer.status)
        return "" if answer.ok else f"a draft: HubSpot did not publish it ({why})"

    def _note(self, workflow: str, name: str, found: Mapping[str, Any], body: Body) -> None:
        self._ledger.note(workflow, Asset("email", name, str(found["id"]), body))

    def _note_file(self, file: DesignFile, remote: str) -> None:
        self._ledger.note("", Asset("file", file.path, file.path, file.digest, remote))
