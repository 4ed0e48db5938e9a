"""Who is behind a mask acts by its buttons; for anybody else they are a stranger's."""

from types import SimpleNamespace
from typing import Any

import pytest

from bot.vault import Vault, new_key
from handlers.masks import MaskedClient, named_in, put_on
from handlers.pressed import Pressed
from storage.database import Sessions
from storage.tables import NamelessAsk
from tests.conftest import NOW

TEAM, ANA, BEN, MASK = "T1", "U_ANA", "U_BEN", "asker-0123456789abcdef"


class Context(dict[str, Any]):
    client = respond = None


def press(block_id: Any = f"as:{MASK}:0") -> dict[str, Any]:
    return {"type": "block_actions", "actions": [{"block_id": block_id, "action_id": "close"}]}


@pytest.fixture
async def context(sessions: Sessions) -> Context:
    vault = Vault((new_key(),))
    async with sessions.begin() as session:
        kept = {"sealed": vault.seal(ANA), "tag": vault.tag(TEAM, ANA)}
        session.add(NamelessAsk(mask=MASK, team_id=TEAM, asked_at=NOW, forget_at=NOW, **kept))
    return Context(sessions=sessions, vault=vault)


async def acting(context: Context, body: dict[str, Any], user_id: str, team_id: str = TEAM) -> str:
    pressed = await put_on(Pressed(team_id, user_id, NOW), body, context)  # type: ignore[arg-type]
    assert pressed is not None
    return pressed.user_id


async def test_who_is_behind_the_mask_acts_by_it(context: Context):
    view = {"type": "view_submission", "view": {"external_id": f"as:{MASK}:1a2b"}}

    assert await acting(context, press(), ANA) == MASK
    assert await acting(context, view, ANA) == MASK


@pytest.mark.parametrize(
    "block_id", [f"as:{MASK}:0", "as:U_ANA:0", "as::", "as:", "b", None, 5, ["as:"], f"x{MASK}"]
)
async def test_nobody_else_does_whatever_they_forge(context: Context, block_id: Any):
    assert await acting(context, press(block_id), BEN) == BEN


async def test_not_in_another_workspace_and_not_without_the_key(context: Context):
    assert await acting(context, press(), ANA, team_id="T2") == ANA

    context["vault"] = None

    assert await acting(context, press(), ANA) == ANA


async def test_a_window_that_the_mask_opens_names_it():
    shown: list[dict[str, Any]] = []

    async def views_open(**how: Any) -> None:
        shown.append(how)

    client = MaskedClient(SimpleNamespace(views_open=views_open), MASK)
    await client.views_open(trigger_id="t", view={"type": "modal"})

    view = {"type": "view_submission", "view": shown[0]["view"]}
    assert named_in(view) == MASK
    assert shown[0]["trigger_id"] == "t"
