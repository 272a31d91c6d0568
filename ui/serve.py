"""``python -m ui.serve``: start the dashboard and print its address once it answers.

The script is probed once before the address is printed: the probe builds the first snapshot, and a first link into any
view finds every view registered.
"""

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing

from settings import ROOT, get_settings

HOST = "127.0.0.1"
START_SECONDS = 90.0


def main() -> int:
    """Serve until interrupted. Returns the exit code: 0 after Ctrl-C, 1 when the dashboard cannot start."""
    wanted = get_settings().port
    port = free_port(wanted)
    if port != wanted:
        print(f"Port {wanted} is taken: using {port}.")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stopped service takes its server along
    options = [
        "--server.address",
        HOST,
        "--server.port",
        str(port),
        "--logger.level",
        "warning",
        "--logger.enableRich",
        "false",
    ]
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", *options],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    try:
        if not wait_until_ready(f"http://{HOST}:{port}/_stcore/script-health-check", server):
            server.terminate()
            print("The dashboard did not start: run `streamlit run app.py` to see why.", file=sys.stderr)
            return 1
        print(f"Lapin tilannehuone: http://localhost:{port}  (stop with Ctrl-C)", flush=True)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait()


def free_port(wanted: int, tries: int = 50) -> int:
    """The wanted port, or the next one nobody listens on."""
    for port in range(wanted, wanted + tries):
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise SystemExit(f"No free port between {wanted} and {wanted + tries - 1}.")


def wait_until_ready(probe: str, server: "subprocess.Popen[bytes]", seconds: float = START_SECONDS) -> bool:
    """Whether the whole script ran once without an error before ``seconds`` were over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(probe, timeout=seconds) as answer:
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False


if __name__ == "__main__":
    sys.exit(main())
