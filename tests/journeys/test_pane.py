"""The pane: asked in plain words, answered with what was solved, and one press from the experts."""

from operating.bot import Bot
from sandbox import Person
from tests.journeys.conftest import Community
from tests.journeys.test_finding import ANSWER, QUESTION, solved

ASKED = "how can I correct a tariff code on a rejected form"


async def answered(ready: Community, person: Person, ts: str) -> dict:
    """The bot's answer below what this person wrote to it."""

    def thread() -> list[dict]:
        return person.sees(person.dm_channel, thread_ts=ts)[1:]

    await ready.slack.until(thread)
    (found,) = thread()
    return found


async def test_what_was_solved_is_found_in_plain_words(ready: Community):
    await solved(ready)
    ana = ready.as_(ready.ana)

    ts = await ana.post(ana.dm_channel, ASKED)
    found = await answered(ready, ana, ts)

    assert ANSWER in str(found["blocks"]) and "A solved question about" in found["text"]
    await ready.slack.until(lambda: ana.title(ts))
    assert ana.title(ts) == ASKED and ana.status(ts) == ""
    said = [call for call in ready.slack.calls if call.method == "assistant.threads.setStatus"]
    assert said and said[0].args["status"] == "is looking through solved answers…"


async def test_one_press_asks_the_experts(ready: Community):
    ana = ready.as_(ready.ana)
    ts = await ana.post(ana.dm_channel, "where is the carnet form kept?")
    nothing = await answered(ready, ana, ts)
    assert "Nothing solved yet about “where is the carnet form kept?”" in nothing["text"]

    await ana.click(nothing["ts"], "ask_instead", channel=ana.dm_channel)
    assert ana.view is not None and "where is the carnet form kept?" in str(ana.view["blocks"])
    await ana.submit()

    def is_asked() -> bool:
        seen = ready.as_(ready.maria).sees(ready.channel)
        return any("Ana Silva: where is the carnet form kept?" in each["text"] for each in seen)

    await ready.slack.until(is_asked)


async def test_what_helped_others_is_suggested(ready: Community):
    ana = ready.as_(ready.ana)
    assert [each["title"] for each in ana.prompts] == ["What can you do?"]
    question = await solved(ready)
    await ready.slack.delivered()
    reply = ready.as_(ready.ken).sees(ready.channel, thread_ts=question)
    answer = next(each["ts"] for each in reply if each["text"] == ANSWER)
    await ana.react(ready.channel, answer, "white_check_mark")
    await ready.slack.delivered()

    await ana.open_home("messages")
    await ready.slack.until(lambda: ana.prompts[0]["title"] != "What can you do?")

    assert ana.prompts == [{"title": QUESTION, "message": QUESTION}]
    ts = await ana.post(ana.dm_channel, ana.prompts[0]["message"])
    assert ANSWER in str(await answered(ready, ana, ts))


async def test_who_asks_how_it_works_reads_that(ready: Community):
    ana = ready.as_(ready.ana)
    for words in ("What can you do?", "hello!"):
        ts = await ana.post(ana.dm_channel, words)
        assert "Ask me in plain words" in (await answered(ready, ana, ts))["text"]


async def test_a_reply_to_a_note_of_the_bot_is_no_question(ready: Community, bot: Bot):
    """An expert answers below the note that asks them: nobody else would read that."""
    ken = ready.as_(ready.ken)
    told = {"user_id": ken.user.id, "text": "Bob waits for a word of yours."}
    await bot.slack.post_privately(key="a-note", is_uncertain=False, **told)
    note = ken.dm()[-1]

    ts = await ken.post(ken.dm_channel, "Tariff 12, I think.", thread_ts=note["ts"])

    def is_told() -> bool:
        below = ken.sees(ken.dm_channel, thread_ts=note["ts"])
        return below[-1]["ts"] != ts and "reaches only me" in below[-1]["text"]

    await ready.slack.until(is_told)


async def test_where_the_app_was_installed_without_a_pane_it_answers_all_the_same(
    ready: Community,
):
    await solved(ready)
    for method in ("setStatus", "setTitle", "setSuggestedPrompts"):
        fault = {"method": f"assistant.threads.{method}", "error": "missing_scope"}
        ready.slack.faults.add(**fault, kind="error", times=9)
    ana = ready.as_(ready.ana)
    await ana.open_home("messages")

    ts = await ana.post(ana.dm_channel, ASKED)

    assert ANSWER in str(await answered(ready, ana, ts))


async def test_words_that_are_deleted_leave_the_conversation_too(ready: Community):
    question = await solved(ready)
    ana = ready.as_(ready.ana)
    ts = await ana.post(ana.dm_channel, ASKED)
    found = await answered(ready, ana, ts)
    assert ANSWER in str(found["blocks"])

    await ready.as_(ready.bob).delete(ready.channel, question)

    def is_gone() -> bool:
        shown = str(ana.sees(ana.dm_channel, thread_ts=ts)[1:])
        return ANSWER not in shown and QUESTION not in shown

    await ready.slack.until(is_gone)
