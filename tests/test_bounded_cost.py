"""Any input ends within 5 seconds of processor time and 300 MB, however it was made."""

import json
import subprocess
import sys
from pathlib import Path

SECONDS, MEGABYTES = 5, 300


def test_hostile_inputs_end_soon_and_small() -> None:
    """In a process of its own, whose memory is that of these inputs alone."""
    script = Path(__file__).with_name("hostile.py")
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=600, check=True
    )
    costs = json.loads(done.stdout)
    assert {name: seconds for name, seconds in costs["seconds"].items() if seconds > SECONDS} == {}
    assert costs["megabytes"] <= MEGABYTES
