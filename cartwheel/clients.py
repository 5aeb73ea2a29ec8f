"""An agency's clients: a folder each with its settings file, or a NAME.env each."""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from cartwheel.core.errors import SettingsError
from cartwheel.core.settings import Settings

SETTINGS_FILE = ".env"
PAUSED_FILE = ".paused"  # in a client's folder: `each` leaves the client out
# folders that commands make beside a warehouse
_MADE, _MADE_ENDINGS = {"data_docs"}, (".tmp", ".spool")
# each is one client's own; in the environment they would win over every client's file
OF_ONE_CLIENT = (
    "SHOPIFY_SHOP",
    "SHOPIFY_CLIENT_ID",
    "SHOPIFY_CLIENT_SECRET",
    "SHOPIFY_ACCESS_TOKEN",
    "HUBSPOT_ACCESS_TOKEN",
    "CARTWHEEL_WAREHOUSE",
    "CARTWHEEL_SHOPS",
)


@dataclass(frozen=True)
class Client:
    """A client: its name, its settings file, and what keeps commands from being run for it.

    settings are those of the file, None where they cannot be read; trouble is empty, or says
    what is wrong and what to do. paused is the file by which a person keeps the client out,
    None if there is none.
    """

    name: str
    env_file: Path
    settings: Settings | None = None
    trouble: str = ""
    paused: Path | None = None


def find_clients(folder: Path, environ: Mapping[str, str]) -> list[Client]:
    """The clients in a folder, in the order of their names.

    A client is a folder with a .env, or else with one other *.env file, or it is a NAME.env
    directly in the folder. A folder without either is a client with trouble, since its
    settings may only have the wrong name; hidden folders and files are not clients, nor is
    what commands make beside a warehouse. Clients that would share a warehouse (a path that is
    not absolute counts from the working directory, for all alike) or a HubSpot token have
    trouble as well.

    Raises SettingsError if there is no client, or if the environment holds what must be each
    client's own and there are several.
    """
    found = [_named(each) for each in sorted(folder.iterdir()) if _is_candidate(each)]
    found = _with_own_names(sorted(found, key=lambda client: client.name))
    if not found or (all(each.trouble for each in found) and _is_of_one(folder)):
        raise SettingsError(_none_in(folder))
    present = [name for name in OF_ONE_CLIENT if name in environ]
    if present and len(found) > 1:
        raise SettingsError(
            f"The environment holds {', '.join(present)}, which wins over the settings file of "
            f"each of {len(found)} clients. Put it into the file of the client that it belongs "
            f"to, then run: unset {' '.join(present)}"
        )
    return _apart([_read(client, environ) for client in found])


def _is_candidate(path: Path) -> bool:
    if path.name.startswith(".") or path.name in _MADE or path.name.endswith(_MADE_ENDINGS):
        return False
    return path.is_dir() or (path.suffix == ".env" and path.is_file())


def _named(path: Path) -> Client:
    """The client that a folder, or a settings file, stands for."""
    if path.is_file():
        return Client(path.stem, path)
    own = path / SETTINGS_FILE
    mark = path / PAUSED_FILE
    paused = mark if mark.exists() else None
    if own.is_file():
        return Client(path.name, own, paused=paused)
    others = sorted(each for each in path.glob("*.env") if each.is_file())
    if len(others) == 1:
        return Client(path.name, others[0], paused=paused)
    if others:
        names = ", ".join(each.name for each in others)
        wrong = f"{path} holds several settings files ({names}). Name the client's {own.name}"
    else:
        wrong = (
            f"{path} holds no settings file. Run: cartwheel init --folder "
            f"{shlex.quote(str(path))}, or begin the folder's name with a dot if it is not a "
            "client's"
        )
    return Client(path.name, own, trouble=f"{wrong}.", paused=paused)


def _with_own_names(clients: list[Client]) -> list[Client]:
    """The clients; where a file and a folder have one name, the file keeps its suffix."""
    names = [client.name for client in clients]
    return [
        replace(client, name=client.env_file.name)
        if names.count(client.name) > 1 and client.env_file.stem == client.name
        else client
        for client in clients
    ]


def _read(client: Client, environ: Mapping[str, str]) -> Client:
    """The client with its settings; what is wrong with them, the command itself says."""
    if client.trouble:
        return client
    try:
        return replace(client, settings=Settings.read(client.env_file, environ))
    except SettingsError:
        return client


def _apart(clients: Iterable[Client]) -> list[Client]:
    """The clients, of which those that would share a warehouse or a token have that trouble."""
    clients = list(clients)
    warehouses, tokens = defaultdict[Path, list[str]](list), defaultdict[str, list[str]](list)
    for client in clients:
        if client.settings:
            warehouses[client.settings.warehouse.resolve()].append(client.name)
            tokens[client.settings.hubspot_access_token].append(client.name)
    tokens.pop("", None)
    return [
        replace(client, trouble=_shared(client, client.settings, warehouses, tokens))
        if client.settings
        else client
        for client in clients
    ]


def _shared(
    client: Client,
    settings: Settings,
    warehouses: Mapping[Path, list[str]],
    tokens: Mapping[str, list[str]],
) -> str:
    """What a client would share with others, and what to set; never the token itself."""

    def others(users: list[str]) -> str:
        return ", ".join(name for name in users if name != client.name)

    found = []
    if named := others(warehouses[settings.warehouse.resolve()]):
        found.append(
            f"The warehouse {settings.warehouse} is that of {named} as well, which would mix "
            f"their data. Set CARTWHEEL_WAREHOUSE in {client.env_file} to another file (a path "
            "that is not absolute counts from the working directory)."
        )
    if named := others(tokens.get(settings.hubspot_access_token, [])):
        found.append(
            f"The HUBSPOT_ACCESS_TOKEN is that of {named} as well, which would mix their "
            f"customers in one HubSpot account. Set it in {client.env_file} to a token of the "
            "client's own account."
        )
    return " ".join(found)


def _is_of_one(folder: Path) -> bool:
    """Whether a folder is one client's own, not that of all of them."""
    return (folder / SETTINGS_FILE).is_file()


def _none_in(folder: Path) -> str:
    own = folder / SETTINGS_FILE
    if _is_of_one(folder):
        return (
            f"{folder} is one client's own folder, with its settings in {own}. Name the folder "
            f"that holds the clients' folders, or run: cartwheel --env {own} COMMAND"
        )
    return (
        f"There are no clients in {folder}: no folder with a settings file, and no NAME.env. "
        f"Make one with: cartwheel init --folder {shlex.quote(str(folder / 'NAME'))}"
    )
