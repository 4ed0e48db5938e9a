"""What an asker reads who is still stuck."""


def asked_on(is_anew: bool) -> str:
    """`is_anew`: False where it was asked about anyway."""
    return (
        "I ask on; the card in the thread says who and when."
        if is_anew
        else "I am asking about it; the card in the thread says who and when."
    )
