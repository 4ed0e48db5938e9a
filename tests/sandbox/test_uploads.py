"""Files that an app sends, as Slack's own library sends them and as Slack refuses them."""

import pytest


async def test_slacks_library_sends_a_file(slack, client, maria, as_maria, logistics):
    await client.files_upload_v2(
        channel=logistics.id, content="a,b\n", filename="a.csv", title="Table", initial_comment="Hi"
    )

    message = as_maria.sees(logistics)[-1]
    assert (message["text"], message["files"][0]["title"]) == ("Hi", "Table")
    assert slack.file_contents[message["files"][0]["id"]] == b"a,b\n"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"filename": "a.txt"}, "invalid_arguments"),
        ({"filename": "a.txt", "length": "0"}, "invalid_arguments"),
        ({"filename": "a.txt", "length": "many"}, "invalid_arguments"),
        ({"filename": "a.txt", "length": "2000000000"}, "file_upload_size_restricted"),
    ],
)
async def test_where_to_send_is_not_told_for_what_is_no_file(call, arguments, error):
    assert (await call("files.getUploadURLExternal", **arguments))["error"] == error


async def test_what_was_not_sent_is_no_file(slack, call, http, logistics):
    asked = await call("files.getUploadURLExternal", filename="a.txt", length=3)
    done = {"files": [{"id": asked["file_id"]}], "channel_id": logistics.id}

    early = await call("files.completeUploadExternal", **done)
    async with http.post(asked["upload_url"], data=b"four") as answer:
        assert answer.status == 400
    async with http.post(f"{slack.address}/upload/v1/other", data=b"abc") as answer:
        assert answer.status == 404
    async with http.post(asked["upload_url"], data=b"abc") as answer:
        assert answer.status == 200
    sent = await call("files.completeUploadExternal", **done)
    again = await call("files.completeUploadExternal", **done)

    assert (early["error"], sent["ok"], again["error"]) == (
        "file_not_found",
        True,
        "file_not_found",
    )
