"""What only this installation can read: who asked without a name, and the tokens of workspaces.

The keys are an operator's setting, never in the database: a copy of that alone tells nothing."""

import hmac
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Vault:
    """`keys`: the first seals; all of them open, so that a new one can be put in front."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._newest = Fernet(keys[0])
        self._cipher = MultiFernet([Fernet(key) for key in keys])
        # The last key is the oldest: what it marked stays known when a new one is put in front.
        self._marker = sha256(f"tags of {keys[-1]}".encode()).digest()

    def seal(self, word: str) -> str:
        return self._cipher.encrypt(word.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """None where the key it was sealed with is gone."""
        try:
            return self._cipher.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def open_fresh(self, sealed: str, seconds: int) -> str | None:
        """None too where it was sealed longer ago than that."""
        try:
            return self._cipher.decrypt(sealed.encode(), ttl=seconds).decode()
        except InvalidToken:
            return None

    def is_newest(self, sealed: str) -> bool:
        """Whether the first key opens it."""
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            return False
        return True

    def renew(self, sealed: str) -> str:
        """The same, sealed with the first key."""
        return self._cipher.rotate(sealed.encode()).decode()

    def tag(self, team_id: str, user_id: str) -> str:
        """The same for all asks of a person here; who that is cannot be told without the key."""
        about = f"{team_id}:{user_id}".encode()
        return hmac.new(self._marker, about, sha256).hexdigest()


def new_key() -> str:
    return Fernet.generate_key().decode()
