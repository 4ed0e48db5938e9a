"""What only this installation can read: who asked without a name.

The keys are an operator's setting, never in the database: a copy of that alone tells nothing."""

import hmac
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Vault:
    """`keys`: the first seals; all of them open, so that a new one can be put in front."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._cipher = MultiFernet([Fernet(key) for key in keys])
        # The last key is the oldest: what it marked stays known when a new one is put in front.
        self._marker = sha256(f"tags of {keys[-1]}".encode()).digest()

    def seal(self, user_id: str) -> str:
        return self._cipher.encrypt(user_id.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """None where the key it was sealed with is gone."""
        try:
            return self._cipher.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def tag(self, team_id: str, user_id: str) -> str:
        """The same for all asks of a person here; who that is cannot be told without the key."""
        about = f"{team_id}:{user_id}".encode()
        return hmac.new(self._marker, about, sha256).hexdigest()


def new_key() -> str:
    return Fernet.generate_key().decode()
