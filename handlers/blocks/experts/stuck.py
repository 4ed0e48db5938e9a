"""What an asker reads who is still stuck."""


def asked_on(is_anew: bool) -> str:
    """`is_anew`: False where it was asked about anyway."""
    return (
        "I will keep asking; the card in the thread says whom, and when."
        if is_anew
        else "I am still asking; the card in the thread says whom, and when."
    )
