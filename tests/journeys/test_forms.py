"""Forms that workflows post: questions where somebody points at them, or an admin chose so."""

import pytest

from sandbox import Channel
from tests.journeys.conftest import Community

WORKFLOW = "Pallet request"


def form(community: Community) -> str:
    asker = community.bob.id
    return f"New request from <@{asker}>: which release code does pallet 88213 need?"


async def post_form(community: Community, text: str = "", channel: Channel | None = None) -> str:
    place = channel or community.channel
    ts = await community.slack.post_form(place, WORKFLOW, text or form(community))
    await community.slack.delivered()
    return ts


@pytest.mark.parametrize("how", ["reaction", "shortcut", "call"])
async def test_a_form_is_a_question_of_whom_it_names_once_somebody_points_at_it(
    ready: Community, how: str
):
    ts = await post_form(ready)
    assert not ready.slack.calls_to("chat.postMessage")
    ana = ready.as_(ready.ana)

    match how:
        case "reaction":
            await ana.react(ready.channel, ts, "question")
        case "shortcut":
            await ana.shortcut("ask_about_message", ready.channel, ts)
        case "call":
            await ana.post(ready.channel, f"<@{ready.slack.bot_user_id}>", thread_ts=ts)

    card = await ready.slack.until(lambda: bots_reply(ready, ts))
    assert "Bob Miller can put" in str(card["blocks"])


async def test_one_that_names_nobody_is_theirs_who_pointed(ready: Community):
    ts = await post_form(ready, "Which release code does pallet 88213 need?")

    await ready.as_(ready.ana).react(ready.channel, ts, "question")

    card = await ready.slack.until(lambda: bots_reply(ready, ts))
    assert "Ana Silva can put" in str(card["blocks"])


async def test_whom_it_names_must_be_a_person_who_can_read_it(ready: Community):
    robot = ready.slack.add_user("robot", is_bot=True)
    guest = ready.slack.add_user("gil", is_guest=True)
    ts = await post_form(ready, f"<@{robot.id}> and <@{guest.id}>: which code does 88213 need?")

    await ready.as_(ready.ana).react(ready.channel, ts, "question")

    card = await ready.slack.until(lambda: bots_reply(ready, ts))
    assert "Ana Silva can put" in str(card["blocks"])


async def test_an_admin_chooses_whose_posts_are_questions(ready: Community):
    maria = ready.as_(ready.maria)

    told = await maria.command("/askaround", f"channel form {WORKFLOW.upper()}", ready.channel)
    ts = await post_form(ready)
    await ready.slack.until(lambda: bots_reply(ready, ts))
    nobodys = await post_form(ready, "Which release code does pallet 88213 need?")
    other = await ready.slack.post_form(ready.channel, "Lunch order", form(ready))
    await ready.slack.delivered()

    assert WORKFLOW.upper() in told["text"]
    assert bots_reply(ready, nobodys) is None
    assert bots_reply(ready, other) is None

    told = await maria.command("/askaround", f"channel no form {WORKFLOW}", ready.channel)
    again = await post_form(ready)
    assert WORKFLOW.upper() not in told["text"]
    assert bots_reply(ready, again) is None


async def test_while_slack_does_not_say_who_that_is_it_is_heard_later(ready: Community):
    await ready.as_(ready.maria).command("/askaround", f"channel form {WORKFLOW}", ready.channel)
    ready.slack.faults.add(method="users.info", kind="delay", seconds=30)
    ready.slack.time_scale = 0.001  # Slack sends it again

    olga = ready.slack.add_user("olga")
    text = f"New request from <@{olga.id}>: which release code does pallet 88213 need?"
    ts = await ready.slack.post_form(ready.channel, WORKFLOW, text)

    await ready.slack.until(lambda: bots_reply(ready, ts))


async def test_what_is_no_form_here_and_a_missing_name_are_answered(ready: Community):
    maria = ready.as_(ready.maria)

    unknown = await maria.command("/askaround", "channel no form Lunch order", ready.channel)
    unnamed = await maria.command("/askaround", "channel form", ready.channel)

    assert unknown["text"] == "No workflow “Lunch order” is heard here."
    assert unnamed["text"] == "Say which workflow: `/askaround channel form Pallet request`"


async def test_whom_the_form_names_marks_what_solved_it(ready: Community):
    ts = await post_form(ready)
    await ready.as_(ready.ana).react(ready.channel, ts, "question")
    await ready.slack.until(lambda: bots_reply(ready, ts))
    reply = await ready.as_(ready.ken).post(ready.channel, "Code 17.", thread_ts=ts)
    await ready.slack.delivered()

    await ready.as_(ready.bob).react(ready.channel, reply, "white_check_mark")

    await ready.slack.until(lambda: "Solved" in bots_reply(ready, ts)["text"])
    assert "Code 17" in await ready.find(ready.ana, "88213")


def bots_reply(community: Community, ts: str) -> dict | None:
    thread = community.as_(community.maria).sees(community.channel, thread_ts=ts)
    cards = [each for each in thread if each.get("user") == community.slack.bot_user_id]
    return cards[0] if cards else None
