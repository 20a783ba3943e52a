"""`onrecord serve` and `onrecord worker`."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from django.core.management import call_command
from django.db import close_old_connections

from onrecord.cli.django_setup import open_newsroom
from onrecord.cli.output import console
from onrecord.core.processes import end_with_parent
from onrecord.errors import OnrecordError

SCHEDULE_SECONDS = 15
POLL_SECONDS = 0.25
STOP_SECONDS = 10
BEHIND = 10
"""How far background work stands behind answers to readers: the processes' niceness."""


class AddressTaken(OnrecordError):
    code = "address-taken"
    message = "{host}:{port} can't be used ({reason}). Choose another port with --port."


class DatabaseBehind(OnrecordError):
    code = "database-behind"
    message = "The database is older than the program. Bring it up to date with `onrecord manage migrate`, then serve."


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    threads: Annotated[int, typer.Option(help="Requests that each process of the application answers at once.")] = 4,
    processes: Annotated[int, typer.Option(help="Processes of the application; 0: one, or two with PostgreSQL.")] = 0,
    with_worker: Annotated[bool, typer.Option("--worker/--no-worker", help="Run a worker as well.")] = True,
) -> None:
    """Serve site and desk and run a worker, until Ctrl-C."""
    settings, front, upgrades, kinds = open_newsroom(
        "config.settings", "config.front", "core.upgrades", "transcripts.engines.kinds"
    )
    if upgrades.migrations_pending():
        raise DatabaseBehind()
    address = f"http://{host}:{port}"
    processes = processes or (1 if "sqlite" in settings.DATABASES["default"]["ENGINE"] else 2)
    environment = {
        **os.environ,
        "ONRECORD_DIR": str(settings.NEWSROOM_DIR),
        "TRUSTED_PROXIES": str(settings.TRUSTED_PROXIES + 1),
    }
    with tempfile.TemporaryDirectory(prefix="onrecord-") as folder:
        socket = str(Path(folder) / "app.sock")
        granian = [
            sys.executable, "-m", "granian", "--interface", "wsgi", "--uds", socket, "--workers", str(processes),
            "--no-ws",
            "--blocking-threads", str(threads), "--log-level", "error", "onrecord.config.wsgi:application",
        ]  # fmt: skip
        commands = {"application": granian}
        if with_worker:
            command = [sys.executable, "-m", "onrecord", "worker"]
            commands["worker"] = command
            if any(kind.setup() for kind in kinds.KINDS.values()):  # an hour of listening must not hold up a page
                commands = {
                    **commands, "worker": [*command, "--queue", "default"], "engines": [*command, "--queue", "engines"]
                }  # fmt: skip
        children = Children(commands, environment, Path(socket))
        try:
            front.run(
                settings.BAKED_DIR, socket, host, port,
                ready=lambda: console.print(f"Serving {address}/  desk {address}/desk/  (Ctrl-C stops)"),
                alongside=children.watch,
            )  # fmt: skip
        except OSError as error:
            raise AddressTaken(host=host, port=port, reason=error.strerror or error) from error
        finally:
            children.stop()


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what is queued, then end.")] = False,
    queue: Annotated[
        str, typer.Option(help="`engines`: speech to text and translation; `default`: all else; `*`: both.")
    ] = "*",
) -> None:
    """Do the background work: web copies, checks, baking, scheduled publishing, engines."""
    work, tasks, chores, baking = open_newsroom("core.work", "stories.services", "core.chores", "publishing.tasks")
    work.tasks_release_abandoned()
    if once and queue != "engines":
        baking.bake_due()  # what a bake that was killed left
    elif queue != "engines":
        threading.Thread(target=_publish_on_time, args=[tasks, chores], daemon=True).start()
        threading.Thread(target=_bake_on_time, args=[baking], daemon=True).start()
    call_command(
        "db_worker", queue_name=queue, interval=POLL_SECONDS, batch=once, startup_delay=False, reload=False,
        worker_id=work.worker_id(), verbosity=0,
    )  # fmt: skip


class Children:
    """The processes beside the front: started together, started again when one dies, stopped together.

    Each is its own process group, so that Ctrl-C reaches the front alone and each child is asked to end just once
    (asked twice, Granian leaves its own child behind and a worker throws away what it is doing); and so that nothing
    that a child started outlives it.
    """

    def __init__(self, commands: dict[str, list[str]], environment: dict[str, str], socket: Path) -> None:
        self.commands = commands
        self.environment = environment
        self.socket = socket
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    async def watch(self) -> None:
        """Start all; start one again a second after it died."""
        while True:
            for name, command in self.commands.items():
                child = self.running.get(name)
                if child is None or child.poll() is not None:
                    if child is not None:
                        _end_group(child)
                        console.print(f"The {name} ended with status {child.returncode}; starting it again.")
                    if name == "application":  # a killed one leaves its socket, and the next can't take it
                        self.socket.unlink(missing_ok=True)
                    begin = end_with_parent if name == "application" else _give_way
                    self.running[name] = subprocess.Popen(
                        command, env=self.environment, process_group=0, preexec_fn=begin
                    )
            await asyncio.sleep(1)

    def stop(self) -> None:
        """Ask all to end, then make them."""
        for child in self.running.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.running.values():
            try:
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            _end_group(child)


def _end_group(child: "subprocess.Popen[bytes]") -> None:
    """End what a child that is gone has left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def _give_way() -> None:
    """Whoever reads or writes in goes before the work behind, which ends with the front too."""
    end_with_parent()
    os.nice(BEHIND)


def _publish_on_time(services: Any, chores: Any) -> None:
    while True:
        try:
            services.stories_publish_due()
        except Exception:
            services.log.exception("scheduled-publishing-failed")
        chores.chores_run_due()
        close_old_connections()
        time.sleep(SCHEDULE_SECONDS)


def _bake_on_time(baking: Any) -> None:
    """Bake what is due, whatever long work the queue is at."""
    while True:
        try:
            baking.bake_settled()
        except Exception:
            baking.log.exception("baking-failed")
        close_old_connections()
        time.sleep(POLL_SECONDS)
