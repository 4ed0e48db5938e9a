"""Files, forwarded messages and forms, as Slack tells of them."""

import pytest

from sandbox.errors import SlackError


async def test_a_file_comes_with_its_message(slack, as_maria, logistics, sent):
    ts = await as_maria.post(logistics, "look", files=["label_dock7.png"])

    [event] = sent("message", "file_share")
    [file] = event["files"]
    assert (event["ts"], event["text"]) == (ts, "look")
    assert (file["title"], file["mimetype"], file["mode"]) == (
        "label_dock7.png",
        "image/png",
        "hosted",
    )
    assert "preview" not in file


async def test_of_a_snippet_the_beginning_is_told(as_maria, logistics, sent):
    await as_maria.post(logistics, "", files=[{"name": "scan.log", "content": "x" * 5000}])

    [file] = sent("message", "file_share")[0]["files"]
    assert file["mode"] == "snippet"
    assert (len(file["preview"]), file["preview_is_truncated"]) == (1000, True)


async def test_a_deleted_file_leaves_a_tombstone_and_is_told_by_its_id(
    slack, as_maria, logistics, sent
):
    ts = await as_maria.post(logistics, "", files=["label_dock7.png"])
    file_id = logistics.messages[ts].files[0]["id"]
    other = slack.act_as(slack.add_user("ken"))

    with pytest.raises(SlackError, match="cant_delete_file"):
        await other.delete_file(file_id)
    await as_maria.delete_file(file_id)
    with pytest.raises(SlackError, match="file_not_found"):
        await as_maria.delete_file(file_id)

    [event] = sent("file_deleted")
    assert (event["file_id"], event["channel_ids"]) == (file_id, [logistics.id])
    [shown] = as_maria.sees(logistics)[-1]["files"]
    assert shown == {"id": file_id, "mode": "tombstone"}


async def test_a_forwarded_message_is_an_attachment(as_maria, logistics, sent):
    ts = await as_maria.post(logistics, "Which code?", files=["label.png"])

    await as_maria.forward(logistics, ts, logistics, "see here")

    event = sent("message")[-1]
    [shared] = event["attachments"]
    assert (event["text"], shared["text"], shared["is_share"]) == ("see here", "Which code?", True)
    assert shared["files"][0]["title"] == "label.png"


async def test_what_a_workflow_posts_has_no_author(slack, logistics, sent):
    await slack.post_form(logistics, "Pallet request", "Which code?")

    [event] = sent("message", "bot_message")
    assert "user" not in event
    assert (event["username"], event["text"]) == ("Pallet request", "Which code?")
    assert event["bot_id"] != slack.bot_id


async def test_what_an_app_posts_for_a_person_names_both(slack, as_maria, logistics, sent):
    app = slack.add_user("scheduler", is_bot=True)

    await as_maria.post(logistics, "Which code?", app=app)

    [event] = sent("message")
    assert (event["user"], event["bot_id"]) == (as_maria.user.id, app.bot_id)
    assert "subtype" not in event
