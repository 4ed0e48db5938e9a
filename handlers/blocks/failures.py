"""What somebody reads when what they did failed for a reason of ours."""


def failed(reference: str) -> str:
    """`reference`: names the failure in the log."""
    return f"That did not work, and nothing was changed. If it stays so, tell an admin: {reference}"
