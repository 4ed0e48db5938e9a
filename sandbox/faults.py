"""Trouble on demand: what a method of the Web API does wrong, and how many times."""

from dataclasses import dataclass

KINDS = ("rate_limited", "error", "server_error", "drop_before", "drop_after", "delay")
EVERY_METHOD = "*"


@dataclass(slots=True)
class Fault:
    method: str
    kind: str
    times: int
    error: str
    retry_after: int
    seconds: float


class Faults:
    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(
        self,
        method: str,
        kind: str,
        *,
        times: int = 1,
        error: str | None = None,
        retry_after: int = 1,
        seconds: float = 0.0,
    ) -> Fault:
        """`method` may be "*". `error` is for kind "error", `seconds` for "delay"."""
        if kind not in KINDS:
            raise ValueError(f"{kind} is not one of {', '.join(KINDS)}")
        fault = Fault(method, kind, times, error or "internal_error", retry_after, seconds)
        self.waiting.append(fault)
        return fault

    def clear(self) -> None:
        self.waiting.clear()

    def take(self, method: str) -> Fault | None:
        """The fault this call meets, which then has one time less to go."""
        for fault in self.waiting:
            if fault.method in (method, EVERY_METHOD):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None
