from bot.experts.learning import hold_weights, save_weights
from handlers.experts.learning import export_weights
from storage.database import Sessions
from tests.bot.conftest import TEAM, at


async def test_an_operator_reads_what_was_learned(sessions: Sessions):
    async with sessions.begin() as session:
        await save_weights(session, TEAM, await hold_weights(session, TEAM), 3, now=at())

    first, second, *_ = (await export_weights(sessions)).splitlines()

    assert first == "workspace,figure,began,counts,doubt,questions,learned"
    assert second.startswith("T1,evidence,") and second.endswith(",0.0500,3,2026-11-23")
