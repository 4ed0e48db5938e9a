"""What programs do for their person: say that an answer helped, or works no longer."""

from bot.access.seeing import names_for
from bot.access.tokens import ACT
from bot.finding.reuse import get_solved, note_helped, take_back_helped
from bot.finding.reviews import doubt
from bot.rights import check_may_act
from handlers.blocks.access import seeing as shown
from handlers.routes import Asked, Json, Route


async def on_helped(asked: Asked) -> Json:
    async with asked.sessions.begin() as session:
        await check_may_act(session, **asked.who)
        credited = await note_helped(
            session, **asked.who, question_id=asked["question_id"], now=asked.now
        )
        names = await names_for(session, asked.team_id, credited, ())
    return {"credited": [shown.person(names.person(each)) for each in credited]}


async def on_not_helped(asked: Asked) -> Json:
    async with asked.sessions.begin() as session:
        await check_may_act(session, **asked.who)
        question = await get_solved(session, asked.team_id, asked["question_id"], asked.user_id)
        await take_back_helped(
            session, question_id=question.id, user_id=asked.user_id, now=asked.now
        )
    return {}


async def on_doubted(asked: Asked) -> Json:
    async with asked.sessions.begin() as session:
        await check_may_act(session, **asked.who)
        told = await doubt(session, **asked.who, question_id=asked["question_id"], now=asked.now)
        names = await names_for(session, asked.team_id, told or (), ())
    return {
        "outdated": told is None,
        "asked": [shown.person(names.person(each)) for each in told or ()],
    }


ROUTES = (
    Route(
        *("PUT", "/questions/{question_id}/helped", "sayItHelped"),
        "Its solution helped you: its author is credited, once, however often you say so.",
        ACT,
        on_helped,
        ("Credited", shown.CREDITED),
        refuses=(404, 409),
    ),
    Route(
        *("DELETE", "/questions/{question_id}/helped", "takeBackItHelped"),
        "Its solution did not help you after all.",
        ACT,
        on_not_helped,
        None,
        refuses=(404,),
    ),
    Route(
        *("PUT", "/questions/{question_id}/doubted", "sayItNoLongerWorks"),
        "Its solution works no longer: those who know are asked, or it is outdated, where you do.",
        ACT,
        on_doubted,
        ("Doubted", shown.DOUBTED),
        refuses=(404, 409),
    ),
)
