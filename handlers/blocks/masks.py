"""Buttons that act for somebody who asked without a name: their blocks name the mask."""

from typing import Any

MARKED = "as:"  # how the id of a block begins whose buttons act for the mask that follows


def marked(shown: dict[str, Any], mask: str) -> dict[str, Any]:
    """The message with the mask in the ids of its blocks, for whom it stands."""
    blocks = shown.get("blocks")
    if not isinstance(blocks, list):
        return shown
    named = [{**each, "block_id": f"{MARKED}{mask}:{at}"} for at, each in enumerate(blocks)]
    return {**shown, "blocks": named}


def mask_of(block_id: object) -> str:
    """The mask that a block's id names; empty where it names none."""
    if not isinstance(block_id, str) or not block_id.startswith(MARKED):
        return ""
    return block_id.removeprefix(MARKED).partition(":")[0]
