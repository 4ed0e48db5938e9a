"""What an agent's conversation with a person shows beside its messages: what could be asked, what
the app is doing, what a thread is called."""

from dataclasses import dataclass, field

from sandbox.workspace import Payload

STATUS_STAYS = 120  # seconds, where nothing is posted


@dataclass
class Conversing:
    prompts: dict[str, list[Payload]] = field(default_factory=dict)  # by channel_id
    titles: dict[tuple[str, str], str] = field(default_factory=dict)  # by channel and thread
    _statuses: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)

    def set_status(self, channel_id: str, thread_ts: str, status: str, *, now: int) -> None:
        """An empty one takes it away."""
        self._statuses[channel_id, thread_ts] = (status, now + STATUS_STAYS)

    def status(self, channel_id: str, thread_ts: str, *, now: int) -> str:
        status, until = self._statuses.get((channel_id, thread_ts), ("", 0))
        return status if now < until else ""

    def clear(self, channel_id: str, thread_ts: str | None) -> None:
        """The app said something there."""
        self._statuses.pop((channel_id, thread_ts or ""), None)
