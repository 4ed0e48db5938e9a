"""Commands, buttons, menus and modals, from both sides."""

from datetime import timedelta

import pytest

from sandbox import SlackError

BUTTONS = [
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "claim",
                "text": {"type": "plain_text", "text": text},
                "value": text,
            }
        ],
    }
    for text in ("first", "second")
]


def text_input(block_id: str, *, optional: bool = False, **element: object) -> dict:
    return {
        "type": "input",
        "block_id": block_id,
        "optional": optional,
        "label": {"type": "plain_text", "text": block_id},
        "element": {"type": "plain_text_input", "action_id": "text"} | element,
    }


def modal(*blocks: dict, title: str = "Ask") -> dict:
    return {
        "type": "modal",
        "callback_id": "ask",
        "title": {"type": "plain_text", "text": title},
        "submit": {"type": "plain_text", "text": "Go"},
        "blocks": list(blocks),
    }


@pytest.fixture
async def asked(slack, joined, as_maria, logistics):
    """Maria ran a command whose answer is a modal; yields what she fills in there."""
    submitted = []

    @joined.app.command("/find")
    async def on_find(ack, command, client):
        await ack()
        view = modal(text_input("question", min_length=3), text_input("note", optional=True))
        await client.views_open(trigger_id=command["trigger_id"], view=view)

    @joined.app.view("ask")
    async def on_ask(ack, view):
        text = view["state"]["values"]["question"]["text"]["value"]
        submitted.append(text)
        answers = {
            "bad": {"response_action": "errors", "errors": {"question": "Say more."}},
            "lost": {"response_action": "errors", "errors": {"nowhere": "Say more."}},
            "more": {"response_action": "push", "view": modal(text_input("question"), title="2")},
            "other": {"response_action": "update", "view": modal(text_input("a"), title="New")},
            "done": {"response_action": "clear"},
        }
        await ack(**answers.get(text, {}))

    await as_maria.command("/find", "", logistics)
    await slack.until(lambda: as_maria.view)
    return submitted


async def test_a_submitted_modal_closes(as_maria, asked):
    result = await as_maria.submit({"question": {"text": "How?"}})

    assert (result.errors, as_maria.view, asked) == ({}, None, ["How?"])


async def test_errors_stay_at_the_inputs_and_the_modal_stays_open(as_maria, asked):
    result = await as_maria.submit({"question": {"text": "bad"}})

    assert result.errors == {"question": "Say more."}
    assert as_maria.view["state"]["values"]["question"]["text"]["value"] == "bad"


@pytest.mark.parametrize(
    ("text", "title"), [("more", "2"), ("other", "New"), ("done", None), ("plain", None)]
)
async def test_the_answer_to_a_submission_changes_the_modals(as_maria, asked, text, title):
    await as_maria.submit({"question": {"text": text}})

    assert (as_maria.view["title"]["text"] if as_maria.view else None) == title


async def test_closing_a_pushed_modal_shows_the_one_below(as_maria, asked):
    await as_maria.submit({"question": {"text": "more"}})
    await as_maria.close_view()

    assert as_maria.view["title"]["text"] == "Ask"


@pytest.mark.parametrize(("text", "problem"), [(None, "required"), ("no", "too_short")])
async def test_slacks_client_checks_inputs_before_the_app_sees_them(as_maria, asked, text, problem):
    with pytest.raises(SlackError, match=problem):
        await as_maria.submit({"question": {"text": text}})

    assert asked == []


async def test_errors_for_an_input_that_is_not_there_fail(as_maria, asked):
    with pytest.raises(SlackError, match="invalid_errors"):
        await as_maria.submit({"question": {"text": "lost"}})


async def test_a_button_tells_which_of_them_was_pressed(slack, joined, as_maria, logistics):
    pressed = []

    @joined.app.action("claim")
    async def on_claim(ack, action, body, respond):
        pressed.append((action["value"], body["message"]["text"]))
        await ack()
        await respond(text="taken", replace_original=True)

    posted = await joined.app.client.chat_postMessage(
        channel=logistics.id, text="card", blocks=BUTTONS
    )
    await as_maria.click(posted["ts"], "claim", value="second")
    await slack.until(lambda: as_maria.sees(logistics)[0]["text"] == "taken")

    assert pressed == [("second", "card")]


async def test_an_ephemeral_is_seen_and_pressed_by_one_person_only(
    slack, joined, as_maria, as_bob, logistics
):
    bodies = []

    @joined.app.action("claim")
    async def on_claim(ack, body, respond):
        bodies.append(body)
        await ack()
        await respond(delete_original=True)

    await joined.app.client.chat_postEphemeral(
        channel=logistics.id, user=as_maria.user.id, text="psst", blocks=BUTTONS
    )
    [note] = as_maria.sees(logistics)
    assert as_bob.sees(logistics) == []
    with pytest.raises(SlackError, match="message_not_found"):
        await as_bob.click(note["ts"], "claim")
    await as_maria.click(note["ts"], "claim")
    await slack.until(lambda: as_maria.sees(logistics) == [])

    assert bodies[0]["container"]["is_ephemeral"]
    assert "message" not in bodies[0]


async def test_choosing_behind_the_three_dots_sends_the_choice(slack, joined, as_maria, logistics):
    chosen = []

    @joined.app.action("more")
    async def on_more(ack, action):
        await ack()
        chosen.append((action["type"], action["selected_option"]["value"]))

    options = [
        {"text": {"type": "plain_text", "text": word}, "value": word} for word in ("same", "other")
    ]
    menu = {"type": "overflow", "action_id": "more", "options": options}
    posted = await joined.app.client.chat_postMessage(
        channel=logistics.id, text="card", blocks=[{"type": "actions", "elements": [menu]}]
    )
    await as_maria.choose(posted["ts"], "more", "same", channel=logistics)

    assert chosen == [("overflow", "same")]


async def test_choosing_in_a_menu_of_home_sends_the_choice(slack, joined, as_maria, bob):
    chosen = []

    @joined.app.action("whom")
    async def on_whom(ack, action):
        await ack()
        chosen.append(action["selected_users"])

    menu = {"type": "multi_users_select", "action_id": "whom"}
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "Who?"}, "accessory": menu}
    home = {"type": "home", "blocks": [block]}
    await joined.app.client.views_publish(user_id=as_maria.user.id, view=home)
    await as_maria.choose(as_maria.home, "whom", [bob])

    assert chosen == [[bob.id]]


async def test_a_message_shortcut_carries_the_message(joined, as_maria, logistics):
    carried = []

    @joined.app.shortcut("keep_it")
    async def on_keep(ack, shortcut):
        await ack()
        carried.append(shortcut["message"]["text"])

    ts = await as_maria.post(logistics, "worth keeping")
    await as_maria.shortcut("keep_it", logistics, ts)

    assert carried == ["worth keeping"]


async def test_a_command_that_the_manifest_does_not_declare_cannot_be_typed(as_maria, logistics):
    with pytest.raises(SlackError, match="no_such_command"):
        await as_maria.type_command(logistics, "/unknown")


async def test_what_an_older_manifest_declared_still_reaches_the_app(joined, as_maria, logistics):
    reached = []

    @joined.app.command("/older")
    async def on_older(ack, command):
        reached.append(command["command"])
        await ack()

    @joined.app.shortcut("older")
    async def on_older_shortcut(ack, shortcut):
        reached.append(shortcut["callback_id"])
        await ack()

    await as_maria.command("/older", "", logistics)
    await as_maria.shortcut("older")

    assert reached == ["/older", "older"]


async def test_a_person_sees_when_no_app_answers(slack, as_maria, logistics):
    with pytest.raises(SlackError, match="dispatch_failed"):
        await as_maria.command("/find", "words", logistics)


async def test_a_person_sees_when_the_app_is_too_slow(slack, joined, as_maria, logistics):
    @joined.app.command("/find")
    async def never_answers():
        pass

    slack.ack_timeout = 0.05
    with pytest.raises(SlackError, match="operation_timeout"):
        await as_maria.command("/find", "words", logistics)


async def test_a_trigger_opens_one_modal_and_only_for_three_seconds(slack, call, maria):
    view = modal(text_input("question"))
    first, late = slack.triggers.issue(maria.id), slack.triggers.issue(maria.id)

    async def opening(trigger_id: str) -> str | None:
        return (await call("views.open", trigger_id=trigger_id, view=view)).get("error")

    assert await opening(first) is None
    assert await opening(first) == "exchanged_trigger_id"
    assert await opening("1.2.3") == "invalid_trigger_id"
    slack.triggers.lifetime = 0
    assert await opening(late) == "expired_trigger_id"


async def test_a_view_changed_meanwhile_is_a_hash_conflict(slack, call, maria):
    trigger_id = slack.triggers.issue(maria.id)
    view = modal(text_input("question"))
    opened = (await call("views.open", trigger_id=trigger_id, view=view))["view"]
    target = {"view_id": opened["id"], "view": view, "hash": opened["hash"]}

    assert (await call("views.update", **target))["ok"]
    assert (await call("views.update", **target))["error"] == "hash_conflict"


async def test_a_response_url_works_five_times_within_half_an_hour(slack, http, maria, logistics):
    async def answers(key: str, times: int) -> list[str]:
        texts = []
        for _ in range(times):
            url = f"{slack.address}/commands/{slack.team_id}/{key}"
            async with http.post(url, json={"text": "found"}) as response:
                texts.append(await response.text())
        return texts

    key = slack.response_urls.issue(maria.id, logistics.id)
    late = slack.response_urls.issue(maria.id, logistics.id)

    assert await answers(key, 6) == [*["ok"] * 5, "used_url"]
    slack.clock.advance(timedelta(minutes=31))
    assert await answers(late, 1) == ["expired_url"]
