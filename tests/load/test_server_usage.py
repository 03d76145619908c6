from __future__ import annotations

import os
import socket
import subprocess
import sys

import psutil

from monitor.load.server_usage import UsageMeter, server_pids, with_children


def test_what_a_process_takes_is_measured() -> None:
    meter = UsageMeter([os.getpid()])
    meter.begin()
    spent = psutil.Process().cpu_times().user
    while psutil.Process().cpu_times().user < spent + 0.05:
        sum(range(10_000))
    meter.sample()

    usage = meter.usage()

    assert usage is not None
    assert usage.processes == 1
    assert 0 < usage.cpu_mean <= usage.cpu_most
    assert usage.rss_mib > 5
    assert 0 < usage.machine_busy <= 1


def test_who_is_gone_takes_nothing() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    meter = UsageMeter([gone.pid])
    meter.begin()
    meter.sample()

    assert meter.usage() is None


def test_the_server_is_found_by_the_address_it_listens_at() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        program = "import sys; print(flush=True); sys.stdin.read()"
        with subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(listener.fileno(),),
        ) as holder:
            assert holder.stdout is not None
            holder.stdout.readline()
            # It inherited the listener; we who hold it too are not the server.
            assert server_pids(f"http://127.0.0.1:{port}") == [holder.pid]
            assert holder.pid in with_children([os.getpid()])
            holder.communicate()


def test_a_server_elsewhere_is_not_to_be_seen() -> None:
    assert server_pids("http://192.0.2.1:8000") == []
    assert server_pids("http://no-such-host.invalid") == []
