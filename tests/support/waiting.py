"""waiting.py - wait for what happens elsewhere, within a limit"""
import time


def wait_for(what, condition, limit_s=30):
    """Ask until it holds, within the limit; returns what it returned."""
    deadline = time.monotonic() + limit_s
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {limit_s} s")
        time.sleep(0.01)
