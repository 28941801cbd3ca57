"""Nothing phones home: a whole scripted run makes no attempt to leave the machine."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

IPH = str(Path(sys.executable).with_name("iph"))
_CALL = re.compile(r"(connect|sendto|sendmsg|sendmmsg)\(.*sa_family=AF_INET6?[^}]*\}")
#: Runs the demo with every connection and look-up that Python makes recorded.
_WATCHED = """
import sys
seen = []
watched = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")
sys.addaudithook(lambda event, details: seen.append((event, details)) if event in watched else None)
from indic_persona_hub.cli.commands import app
app(["demo", "--model", "scripted", "--out", sys.argv[1]], standalone_mode=False)
print("SEEN", seen)
"""


def test_python_makes_no_connection(tmp_path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WATCHED, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert "SEEN []" in done.stdout


def test_the_whole_process_makes_no_connection(tmp_path) -> None:
    """Native code too: system calls of the process and its children, as strace records them."""
    strace = shutil.which("strace")
    log = tmp_path / "calls"
    if strace is None or subprocess.run([strace, "-o", log, "true"], check=False).returncode:
        pytest.skip("strace is not at hand")
    command = [strace, "-f", "-e", "trace=network", "-o", str(log)]
    command += [IPH, "demo", "--model", "scripted", "--out", str(tmp_path / "demo")]
    subprocess.run(command, capture_output=True, check=True)
    reached = [line for line in log.read_text(errors="replace").splitlines() if _CALL.search(line)]
    assert not reached


def test_it_works_where_no_network_can_be_reached(tmp_path) -> None:
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], check=False).returncode:
        pytest.skip("a network of its own cannot be had here")
    command = [unshare, "-rn", IPH, "demo", "--model", "scripted", "--out", str(tmp_path)]
    subprocess.run(command, capture_output=True, check=True)
    assert (tmp_path / "release" / "manifest.json").is_file()
