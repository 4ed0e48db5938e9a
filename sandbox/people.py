"""What a person in the workspace can do, and what they see."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import datetime
from heapq import merge
from typing import Any

from sandbox import built_in, events, modals, payloads, posting, response_url, typed
from sandbox.errors import SlackError
from sandbox.files import Given, delete_file, file_of, forwarded
from sandbox.forms import filled, find_element, state_values
from sandbox.modals import Submission
from sandbox.slack import Slack
from sandbox.workspace import Channel, Message, Payload, User

ChannelOrId = Channel | str


class Person:
    def __init__(self, slack: Slack, user: User) -> None:
        self._slack = slack
        self.user = user

    # Talking

    @property
    def dm_channel(self) -> Channel:
        """The conversation of this person with the bot."""
        return self._slack.direct_channel(self.user)

    async def post(
        self,
        channel: ChannelOrId,
        text: str,
        thread_ts: str | None = None,
        broadcast: bool = False,
        at: datetime | None = None,
        files: Sequence[Given] = (),
        app: User | None = None,
        attachments: Sequence[Payload] = (),
    ) -> str:
        """Post and return the new ts. `text` goes out unchanged; `at` is for replays. `files` come
        with it, by their names; `app` posts it in this person's name."""
        place = self._joined(channel)
        self._check_may_post(place)
        message = posting.write(
            self._slack,
            self.user,
            place,
            text,
            at=at,
            thread_ts=thread_ts,
            broadcast=broadcast,
            files=[file_of(self._slack, self.user, each) for each in files],
            attachments=list(attachments),
            bot_profile=self._slack.bot_profile_of(app) if app else None,
        )
        posting.post(self._slack, message, place)
        return message.ts

    async def forward(self, channel: ChannelOrId, ts: str, to: ChannelOrId, text: str = "") -> str:
        """Share a message in another channel, with words of one's own or without."""
        shared = self._readable(channel).message(ts)
        return await self.post(to, text, attachments=[forwarded(self._slack, shared)])

    async def delete_file(self, file_id: str) -> None:
        delete_file(self._slack, self.user, file_id)

    async def edit(self, channel: ChannelOrId, ts: str, text: str) -> None:
        place = self._joined(channel)
        message = self._own(place, ts, "cant_update_message")
        posting.with_new_content(self._slack, self.user, message, place, text=text)

    async def delete(self, channel: ChannelOrId, ts: str) -> None:
        place = self._joined(channel)
        posting.delete(self._slack, self._own(place, ts, "cant_delete_message"), place)

    async def react(self, channel: ChannelOrId, ts: str, name: str) -> None:
        place = self._joined(channel)
        posting.react(self._slack, self.user, place.message(ts), place, name)

    async def unreact(self, channel: ChannelOrId, ts: str, name: str) -> None:
        place = self._joined(channel)
        posting.unreact(self._slack, self.user, place.message(ts), place, name)

    async def type(
        self,
        channel: ChannelOrId,
        text: str,
        thread_ts: str | None = None,
        broadcast: bool = False,
        files: Sequence[Given] = (),
    ) -> str:
        """Post what was typed: @names, #channels and addresses become markup."""
        sent = typed.as_sent(self._slack.workspace, self.user, text) if text or not files else ""
        return await self.post(channel, sent, thread_ts, broadcast, files=files)

    async def retype(self, channel: ChannelOrId, ts: str, text: str) -> None:
        await self.edit(channel, ts, typed.as_sent(self._slack.workspace, self.user, text))

    async def read(self, channel: ChannelOrId, ts: str) -> None:
        """Mark the channel as read up to this message."""
        place = self._readable(channel)
        if ts > place.last_read.get(self.user.id, ""):
            place.last_read[self.user.id] = ts

    async def dismiss(self, channel: ChannelOrId, ts: str) -> None:
        """Take a message away that only this person sees."""
        message, place = self._message(ts, channel)
        if message.ephemeral_to is None:
            raise SlackError("cant_delete_message")
        posting.dismiss(self._slack, message, place)

    # Using the app

    async def command(self, name: str, text: str, channel: ChannelOrId) -> Payload:
        """Run a slash command; what the app acknowledged it with. One that the manifest does not
        name reaches the app too, as from a workspace that installed it when it was older."""
        place = self._readable(channel)
        payload = payloads.command(self._slack, self.user, name, text, place)
        answer = await self._slack.outbound.ask("slash_commands", payload)
        if answer.get("text") or answer.get("blocks"):
            response_url.check_answer(answer)
            response_url.say(self._slack, self.user, place, answer)
        return answer

    async def type_command(self, channel: ChannelOrId, text: str) -> Payload:
        """Run `/name words` as typed."""
        name, _, words = text.strip().partition(" ")
        if built_in.is_built_in(name):
            built_in.run(self._slack, self.user, name, words, self._readable(channel))
            return {}
        declared = self._slack.manifest.commands.get(name)
        if declared is None:
            raise SlackError("no_such_command", command=name)
        if words.strip() and declared.get("should_escape"):
            words = typed.as_sent(self._slack.workspace, self.user, words)
        return await self.command(name, words.strip(), channel)

    async def shortcut(
        self, callback_id: str, channel: ChannelOrId | None = None, ts: str | None = None
    ) -> None:
        """A message's shortcut, or a global one when no message is named; also one that the
        manifest does not name (any more)."""
        if channel is not None and ts is not None:
            place = self._readable(channel)
            message = place.message(ts)
            payload = payloads.message_shortcut(self._slack, self.user, callback_id, message, place)
        else:
            payload = payloads.global_shortcut(self._slack, self.user, callback_id)
        await self._slack.outbound.ask("interactive", payload)

    async def click(
        self,
        target: str | Payload,
        action_id: str,
        *,
        channel: ChannelOrId | None = None,
        value: str | None = None,
        block_id: str | None = None,
    ) -> None:
        """Press a button. `target` is a message's ts, or a view (`person.view`, `person.home`).

        `value` tells apart several buttons with one action_id.
        """
        blocks = self._blocks(target, channel)
        block, element = find_element(blocks, action_id, block_id=block_id, value=value)
        if element["type"] not in ("button", "workflow_button"):
            raise SlackError("not_a_button", type=element["type"])
        await self._act(target, channel, payloads.action(self._slack, block, element, {}))

    async def choose(
        self,
        target: str | Payload,
        action_id: str,
        value: Any,
        *,
        channel: ChannelOrId | None = None,
        block_id: str | None = None,
    ) -> None:
        """Choose in a menu, a picker or an input: an option's value, a user, a date, a text."""
        blocks = self._blocks(target, channel)
        block, element = find_element(blocks, action_id, block_id=block_id, value=None)
        state = filled(element, value)
        surface = target if isinstance(target, str) else target["id"]
        if element["type"] != "overflow":
            self._slack.surfaces.chosen(surface)[(block["block_id"], action_id)] = state
        if block["type"] != "input" or block.get("dispatch_action"):
            action = payloads.action(self._slack, block, element, state)
            await self._act(target, channel, action)

    async def submit(self, values: Mapping[str, Mapping[str, Any]] | None = None) -> Submission:
        """Fill in `{block_id: {action_id: value}}` and submit the modal on top."""
        modals.fill(self._slack, modals.open_modal(self._slack, self.user), values or {})
        return await modals.submit(self._slack, self.user)

    async def close_view(self) -> None:
        await modals.close(self._slack, self.user)

    async def open_home(self, tab: str = "home") -> None:
        slack = self._slack
        channel = self.dm_channel
        view = self.home if tab == "home" else None
        event = events.app_home_opened(self.user, channel, tab, view, slack.clock.ts())
        slack.emit(event)

    # Seeing

    def can_read(self, channel: ChannelOrId) -> bool:
        place = self._slack.workspace.channels.get(_id(channel))
        return place is not None and self._slack.workspace.can_read(self.user, place)

    def sees(
        self,
        channel: ChannelOrId,
        thread_ts: str | None = None,
        *,
        before: str | None = None,
        limit: int | None = None,
    ) -> list[Payload]:
        """The messages outside threads, or of one thread, with those for this person alone.

        Oldest first; `limit` keeps the newest of those `before` a ts.
        """
        place = self._readable(channel)
        if thread_ts is None:
            end = len(place.timeline) if before is None else bisect_left(place.timeline, before)
            start = 0 if limit is None else max(0, end - limit)
            messages = [place.messages[ts] for ts in place.timeline[start:end]]
            first = messages[0].ts if start else ""
        else:
            messages, first = place.thread(thread_ts), ""
        private = [
            message
            for message in place.ephemerals.get(self.user.id, [])
            if message.thread_ts == thread_ts and first < message.ts < (before or "~")
        ]
        return [self._shown(each) for each in merge(messages, private, key=lambda each: each.ts)]

    def sees_message(self, channel: ChannelOrId, ts: str) -> Payload | None:
        """One message; None when it is gone, or not for this person to see."""
        try:
            message, _ = self._message(ts, channel)
        except SlackError:
            return None
        return self._shown(message)

    def dm(self) -> list[Payload]:
        return self.sees(self.dm_channel)

    @property
    def view(self) -> Payload | None:
        """The modal on top."""
        view = self._slack.surfaces.top(self.user.id)
        return self._slack.surfaces.shown(view) if view else None

    @property
    def home(self) -> Payload | None:
        view = self._slack.surfaces.homes.get(self.user.id)
        return self._slack.surfaces.shown(view) if view else None

    @property
    def prompts(self) -> list[Payload]:
        """What the conversation with the app suggests to ask."""
        suggested = self._slack.conversing.prompts.get(self.dm_channel.id)
        return [dict(each) for each in suggested or self._slack.manifest.prompts]

    def status(self, thread_ts: str) -> str:
        """What the app is doing, as this thread of the conversation with it shows."""
        slack = self._slack
        return slack.conversing.status(self.dm_channel.id, thread_ts, now=slack.seconds())

    def title(self, thread_ts: str) -> str:
        """What this thread of the conversation is called."""
        return self._slack.conversing.titles.get((self.dm_channel.id, thread_ts), "")

    # Finding what is meant

    def _readable(self, channel: ChannelOrId) -> Channel:
        if self.user.deleted:
            raise SlackError("account_inactive")
        if not self.can_read(channel):
            raise SlackError("channel_not_found")
        return self._slack.workspace.channel(_id(channel))

    def _joined(self, channel: ChannelOrId) -> Channel:
        place = self._readable(channel)
        if self.user.id not in place.members:
            raise SlackError("not_in_channel")
        if place.is_archived:
            raise SlackError("is_archived")
        return place

    def _check_may_post(self, channel: Channel) -> None:
        read_only = self._slack.manifest.messages_tab_read_only
        if read_only and channel.kind == "im" and self._slack.bot.id in channel.members:
            raise SlackError("restricted_action_read_only_channel")

    def _own(self, channel: Channel, ts: str, not_own: str) -> Message:
        message = channel.message(ts)
        if message.user != self.user.id or message.subtype not in posting.SAID:
            raise SlackError(not_own)
        return message

    def _message(self, ts: str, channel: ChannelOrId | None) -> tuple[Message, Channel]:
        where = channel or self._slack.workspace.channel_of.get(ts, "")
        place = self._readable(where)
        for message in place.ephemerals.get(self.user.id, []):
            if message.ts == ts:
                return message, place
        return place.message(ts), place

    def _blocks(self, target: str | Payload, channel: ChannelOrId | None) -> list[Payload]:
        if isinstance(target, str):
            return self._message(target, channel)[0].blocks
        blocks: list[Payload] = self._view(target)["blocks"]
        return blocks

    def _view(self, target: Payload) -> Payload:
        """The view as it stands now, which may be newer than what the caller holds."""
        home = self._slack.surfaces.homes.get(self.user.id)
        shown = [*self._slack.surfaces.stacks.get(self.user.id, []), *([home] if home else [])]
        for view in shown:
            if view["id"] == target["id"]:
                return view
        raise SlackError("view_not_found")

    async def _act(
        self, target: str | Payload, channel: ChannelOrId | None, action: Payload
    ) -> None:
        slack = self._slack
        if isinstance(target, str):
            message, place = self._message(target, channel)
            state = state_values(message.blocks, slack.surfaces.chosen(target))
            payload = payloads.message_action(slack, self.user, message, place, action, state)
        else:
            view = slack.surfaces.shown(self._view(target))
            payload = payloads.view_action(slack, self.user, view, action)
        await slack.outbound.ask("interactive", payload)

    def _shown(self, message: Message) -> Payload:
        shape = self._slack.message_shape(message)
        return shape | ({"is_ephemeral": True} if message.ephemeral_to else {})


def _id(channel: ChannelOrId) -> str:
    return channel if isinstance(channel, str) else channel.id
