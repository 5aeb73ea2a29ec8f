"""What one commit makes of a store, by its own commands alone, kept in one DuckDB file."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
from dotenv import dotenv_values

SCHEMAS = ("core", "hubspot", "reports", "workflows")
KEYS = {
    "contacts": "email",
    "deals": "shopify_deal_key",
    "products": "shopify_product_key",
    "line_items": "shopify_line_item_key",
}
START_TIMEOUT = 120.0  # seconds
DONE = (0, 3)  # 3: done, and records are held back
_OURS = (
    "SHOPIFY_",
    "HUBSPOT_",
    "CARTWHEEL_",
    "DBT_",
    "PYTHON",
    "VIRTUAL_ENV",
    "MAKE",
    "MFLAGS",
)


@dataclass(frozen=True)
class Store:
    """A store that is synced: its name, the sandbox's options, and a key of its content."""

    name: str
    options: tuple[str, ...]
    content: str


@contextmanager
def checked_out(repository: Path, commit: str, folder: Path) -> Iterator[Path]:
    """Yield the files of a commit, set up by its own `make setup`, in a folder below.

    The environment stays there for the next commit with the same lock file; while a run
    has it, another run makes one of its own, which goes afterwards.
    """
    git = ["git", "-C", str(repository)]
    lock = subprocess.check_output([*git, "show", f"{commit}:requirements.lock"])  # noqa: S603
    with ExitStack() as opened:
        place = folder / f"environment-{hashlib.sha256(lock).hexdigest()[:12]}"
        place.mkdir(exist_ok=True)
        mark = opened.enter_context((place / "in-use").open("w"))
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            made = tempfile.TemporaryDirectory(prefix="environment-", dir=folder)
            place = Path(opened.enter_context(made))
        tree, packed = place / "tree", place / "tree.tar"
        tree.mkdir(exist_ok=True)
        for left in [path for path in tree.iterdir() if path.name != ".venv"]:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        _run([*git, "archive", "--output", str(packed), commit], tree)
        shutil.unpack_archive(packed, tree, filter="data")
        packed.unlink()
        # all of it again: the environment knows the last commit's packages
        _run(["make", "--silent", "--always-make", "setup"], tree)
        yield tree


def sync_twice(tree: Path, store: Store, outcome: Path) -> None:
    """Sync the store twice with the commit's own command and sandbox; keep what came of it.

    Raises RuntimeError, with the command's last words, if a sync fails.
    """
    with tempfile.TemporaryDirectory(prefix=f"{store.name}-", dir=outcome.parent) as made:
        folder = Path(made)
        with _sandbox(tree, store, folder) as settings:
            address = str(settings["HUBSPOT_API_URL"])
            command = [_cartwheel(tree), "--env", str(folder / "s.env"), "sync"]
            codes = [_run(command, tree, DONE)]
            _ask(address, "/_sandbox/requests", method="DELETE")
            codes.append(_run(command, tree, DONE))
            answers = _answers_of(address, folder)
        kept = folder / "outcome.duckdb"
        with duckdb.connect(str(kept)) as connection:
            _keep_tables(connection, Path(str(settings["CARTWHEEL_WAREHOUSE"])))
            _keep_account(connection, answers)
            _keep_commands(connection, codes, answers["requests"])
        kept.replace(outcome)


def _cartwheel(tree: Path) -> str:
    return str(tree / ".venv" / "bin" / "cartwheel")


@contextmanager
def _sandbox(tree: Path, store: Store, folder: Path) -> Iterator[Mapping[str, str | None]]:
    """Serve the store by the commit's own sandbox; yield the settings that reach it."""
    env_file, log = folder / "s.env", folder / "sandbox.log"
    command = [_cartwheel(tree), "sandbox", *store.options]
    command += ["--port", "0", "--write-env", str(env_file)]
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603 - the commit's own command
            command, cwd=tree, env=_environment(), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        deadline = time.monotonic() + START_TIMEOUT
        while not env_file.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The sandbox of {tree} did not start: {log.read_text()}")
            time.sleep(0.05)
        yield dotenv_values(env_file)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _run(command: Sequence[str], tree: Path, expected: Sequence[int] = (0,)) -> int:
    done = subprocess.run(  # noqa: S603 - the commit's own commands
        command, cwd=tree, env=_environment(), capture_output=True, text=True
    )
    if done.returncode not in expected:
        said = done.stdout[-4000:] + done.stderr[-4000:]
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{said}")
    return done.returncode


def _environment() -> dict[str, str]:
    """Ours without what would reach into the commit's run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    return kept | {"DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "0"}


def _ask(address: str, path: str, *, method: str = "GET") -> bytes:
    if urlsplit(address).hostname != "127.0.0.1":
        raise RuntimeError(f"{address} is not a sandbox on this machine")
    request = urllib.request.Request(address + path, method=method)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=300) as answer:  # noqa: S310 - loopback
        content: bytes = answer.read()
    return content


def _answers_of(address: str, folder: Path) -> dict[str, Path]:
    """What the sandbox's HubSpot holds and was asked, as JSON files by name."""
    paths = {"associations": "hubspot/associations", "requests": "requests?api=hubspot"}
    for name in KEYS:
        paths[name] = f"hubspot/objects/{name}"
        paths[f"archived_{name}"] = f"hubspot/objects/{name}?archived=true"
    files = {}
    for name, path in paths.items():
        files[name] = folder / f"{name}.json"
        files[name].write_bytes(_ask(address, f"/_sandbox/{path}"))
    return files


def _keep_tables(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    connection.execute(f"attach '{warehouse}' as built (read_only)")
    tables = connection.execute(
        "select table_schema, table_name from information_schema.tables"
        f" where table_catalog = 'built' and table_schema in {SCHEMAS}"
    ).fetchall()
    for schema, table in tables:
        connection.execute(f'create schema if not exists "{schema}"')
        connection.execute(
            f'create table "{schema}"."{table}" as from built."{schema}"."{table}"'
        )
    connection.execute("detach built")


def _keep_account(connection: duckdb.DuckDBPyConnection, answers: Mapping[str, Path]) -> None:
    """Keep each record's properties and associations under its key instead of its id."""
    connection.execute("create schema account; create temp table records (object varchar, "
                       "archived boolean, id varchar, key varchar, "
                       "properties map(varchar, varchar))")  # fmt: skip
    for name, key in KEYS.items():
        for archived in (False, True):
            answer = answers[f"archived_{name}" if archived else name]
            connection.execute(
                f"""
                insert into records
                select
                    '{name}', {archived}, id,
                    coalesce(properties['{key}'], 'a record without {key}'), properties
                from read_json(
                    '{answer}', format = 'array',
                    columns = {{id: 'varchar', properties: 'map(varchar, varchar)'}}
                )
                """
            )
    for name in KEYS:
        connection.execute(
            f"""
            create table account.{name.removesuffix("s")}_properties as
            select
                entries.key, entries.archived, entries.entry.key as property,
                case entries.entry.key
                    when 'hs_product_id' then coalesce(products.key, 'no living product')
                    else entries.entry.value
                end as value
            from (
                select key, archived, unnest(map_entries(properties)) as entry
                from records
                where object = '{name}'
            ) as entries
            left join records as products
                on products.object = 'products' and not products.archived
                and entries.entry.key = 'hs_product_id' and products.id = entries.entry.value
            where entries.entry.key != 'hs_object_id'
            """
        )
    connection.execute(
        f"""
        create table account.associations as
        select
            links.from_object, froms.key as from_key, links.to_object, tos.key as to_key,
            links.type_id
        from read_json('{answers["associations"]}', format = 'array', columns = {{
            from_object: 'varchar', from_id: 'varchar',
            to_object: 'varchar', to_id: 'varchar', type_id: 'bigint'
        }}) as links
        left join records as froms
            on links.from_object = froms.object and links.from_id = froms.id
        left join records as tos
            on links.to_object = tos.object and links.to_id = tos.id
        """
    )


def _keep_commands(
    connection: duckdb.DuckDBPyConnection, codes: Sequence[int], requests: Path
) -> None:
    """Keep how the syncs ended, and how many requests of the second one wrote."""
    connection.execute(
        f"""
        create table account.commands as
        select 'exit code of the first sync' as fact, {codes[0]} as value
        union all
        select 'exit code of the second sync', {codes[1]}
        union all
        select 'writes of the second sync', count(*) filter ("write")
        from read_json('{requests}', format = 'array', columns = {{"write": 'boolean'}})
        """
    )
