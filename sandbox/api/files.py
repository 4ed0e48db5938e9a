"""files.*: sending a file in three steps, as Slack wants it: ask where, send it, say whom it is
for."""

from dataclasses import dataclass
from secrets import token_hex

from aiohttp import web

from sandbox import posting
from sandbox.api.registry import method
from sandbox.api.request import Request
from sandbox.errors import SlackError, invalid_arguments
from sandbox.files import file_of
from sandbox.slack import Slack
from sandbox.workspace import Channel, Payload

MOST_BYTES = 1_000_000_000
MOST_FILES = 10
WRITE = ("files:write",)


@dataclass(slots=True)
class Upload:
    """A file on its way. It becomes one when the app says whom it is for."""

    shape: Payload
    length: int
    content: bytes | None = None


@method("files.getUploadURLExternal", scopes=WRITE, required=("length", "filename"))
def get_upload_url(request: Request) -> Payload:
    length = request.text("length")
    if not length.isdecimal() or int(length) == 0:
        raise invalid_arguments("length must be a positive integer")
    if int(length) > MOST_BYTES:
        raise SlackError("file_upload_size_restricted")
    slack = request.slack
    shape = file_of(slack, request.bot, request.text("filename"))
    key = token_hex(12)
    slack.uploads[key] = Upload(shape, int(length))
    return {"upload_url": f"{slack.address}/upload/v1/{key}", "file_id": shape["id"]}


async def take_upload(slack: Slack, http: web.Request) -> web.Response:
    """The bytes, as they are or as a form's only file. No token: the address is the key."""
    upload = slack.uploads.get(http.match_info["key"])
    if upload is None:
        return web.Response(status=404, text="Not Found")
    if http.content_type.startswith("multipart/"):
        sent = [each.file.read() for each in (await http.post()).values() if hasattr(each, "file")]
        content = sent[0] if len(sent) == 1 else b""
    else:
        content = await http.read()
    if len(content) != upload.length:
        return web.Response(status=400, text="length mismatch")
    upload.content = content
    return web.Response(text=f"OK - {len(content)}")


@method("files.completeUploadExternal", scopes=WRITE, required=("files",))
def complete_upload(request: Request) -> Payload:
    named = request.structure("files", error="invalid_arguments")
    if not isinstance(named, list) or not 0 < len(named) <= MOST_FILES:
        raise invalid_arguments("files must be a list of 1 to 10 files")
    waiting = request.slack.uploads
    found = []
    for each in named:
        key = next((key for key, up in waiting.items() if up.shape["id"] == each.get("id")), None)
        if key is None or waiting[key].content is None:
            raise SlackError("file_not_found")
        found.append((key, each.get("title")))
    channel = place_of(request)
    shapes = [finish(request.slack, key, title) for key, title in found]
    if channel is not None:
        share(request, channel, shapes)
    return {"files": [{"id": each["id"], "title": each["title"]} for each in shapes]}


def place_of(request: Request) -> Channel | None:
    """None: the files stay the app's alone."""
    if not request.text("channel_id"):
        return None
    channel = request.channel("channel_id")
    request.check_member(channel)
    request.check_open(channel)
    return channel


def finish(slack: Slack, key: str, title: str | None) -> Payload:
    upload: Upload = slack.uploads.pop(key)
    content = upload.content or b""
    upload.shape |= {"title": title or upload.shape["title"], "size": len(content)}
    slack.file_contents[upload.shape["id"]] = content
    return upload.shape


def share(request: Request, channel: Channel, shapes: list[Payload]) -> None:
    message = posting.write(
        request.slack,
        request.bot,
        channel,
        request.text("initial_comment"),
        thread_ts=request.text("thread_ts") or None,
        files=shapes,
    )
    posting.post(request.slack, message, channel)
