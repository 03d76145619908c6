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


def _child(*listeners: socket.socket) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        pass_fds=[listener.fileno() for listener in listeners],
    )


def test_the_server_is_found_by_the_address_it_listens_at() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with (
            _child() as other,
            _child(listener) as holder,
        ):
            for child in (other, holder):
                assert child.stdout is not None
                child.stdout.readline()
            # One child inherited the listener. We hold it too, but neither we nor the other child
            # are the server.
            assert server_pids(f"http://127.0.0.1:{port}") == [holder.pid]
            assert {other.pid, holder.pid} <= set(with_children([os.getpid()]))
            for child in (other, holder):
                child.communicate()


def test_a_server_elsewhere_is_not_to_be_seen() -> None:
    assert server_pids("http://192.0.2.1:8000") == []
    assert server_pids("http://no-such-host.invalid") == []
