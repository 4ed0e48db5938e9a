"""People and channels as they change, with the events that follow."""

from collections.abc import Iterable

from sandbox import events, posting
from sandbox.errors import SlackError
from sandbox.shapes import quiet_shape, usergroup_shape
from sandbox.slack import Slack
from sandbox.workspace import Channel, Message, Payload, User, Usergroup


def welcome(slack: Slack, user: User) -> None:
    shape = slack.user_shape(user, with_locale=True)
    slack.emit(events.user_changed("team_join", shape, slack.clock.ts()))
    slack.changes.note()


def join(slack: Slack, user: User, channel: Channel, *, inviter: User | None = None) -> None:
    if user.id in channel.members:
        return
    channel.members[user.id] = None
    event = events.membership("member_joined_channel", user, channel, slack.clock.ts())
    if inviter is not None:
        event["inviter"] = inviter.id
    slack.emit(event, channel)
    invited = {"inviter": inviter.id} if inviter else {}
    _post_notice(slack, user, channel, "channel_join", "has joined the channel", invited)


def leave(slack: Slack, user: User, channel: Channel, *, by: User | None = None) -> None:
    if user.id not in channel.members:
        raise SlackError("not_in_channel")
    del channel.members[user.id]
    if user is slack.bot:
        # It is no member any more and hears of it as news about itself.
        slack.emit(
            events.channel_event("left", channel, slack.clock.ts(), actor_id=(by or user).id)
        )
        slack.changes.note()
        return
    event = events.membership("member_left_channel", user, channel, slack.clock.ts())
    slack.emit(event, channel)
    _post_notice(slack, user, channel, "channel_leave", "has left the channel", {})


def rename(slack: Slack, channel: Channel, user: User, name: str) -> None:
    slack.workspace.check_name_is_free(name)
    names = {"old_name": channel.name, "name": name}
    channel.name = name
    _tell(slack, events.channel_renamed(channel, slack.clock.ts()), channel)
    what = f'has renamed the channel from "{names["old_name"]}" to "{name}"'
    _post_notice(slack, user, channel, "channel_name", what, names)


def make_private(slack: Slack, channel: Channel, user: User) -> None:
    """Those who are in it stay; nobody else reads it from now on."""
    channel.kind = "group"
    what = "made this channel *private*"
    _post_notice(slack, user, channel, "channel_convert_to_private", what, {})


def archive(slack: Slack, channel: Channel, user: User, *, archived: bool = True) -> None:
    channel.is_archived = archived
    what = "archive" if archived else "unarchive"
    ts = slack.clock.ts()
    event = events.channel_event(what, channel, ts, user=user.id, actor_id=user.id, is_moved=0)
    _tell(slack, event, channel)


def delete_channel(slack: Slack, channel: Channel, user: User) -> None:
    del slack.workspace.channels[channel.id]
    ts = slack.clock.ts()
    event = events.channel_event(
        "deleted", channel, ts, actor_id=user.id, date_deleted=slack.seconds()
    )
    _tell(slack, event, channel)


def update_user(slack: Slack, user: User, changes: Payload) -> None:
    for name, value in changes.items():
        setattr(user, name, value)
    user.updated = slack.seconds()
    shape = slack.user_shape(user, with_locale=True)
    slack.emit(events.user_changed("user_change", shape, slack.clock.ts()))
    slack.changes.note()


def set_quiet(slack: Slack, user: User, starts: int, ends: int) -> None:
    user.quiet_from, user.quiet_until = starts, ends
    slack.emit(events.quiet_changed(user, quiet_shape(user), slack.clock.ts()))
    slack.changes.note()


def set_usergroup_members(slack: Slack, group: Usergroup, members: Iterable[User]) -> None:
    before, previous_update = list(group.members), group.updated
    group.members = {member.id: None for member in members}
    group.updated = slack.seconds()
    team_id = slack.workspace.team_id
    changed = events.subteam_members_changed(
        group,
        team_id,
        before=before,
        previous_update=previous_update,
        event_ts=slack.clock.ts(),
    )
    slack.emit(changed)
    updated = usergroup_shape(group, team_id) | {"users": list(group.members)}
    slack.emit(events.subteam_updated(updated, slack.clock.ts()))
    slack.changes.note()


def _tell(slack: Slack, event: Payload, channel: Channel) -> None:
    """Everybody may know what happens to a public channel, only members that of a private one."""
    if slack.bot.id in channel.members or not channel.is_private:
        slack.emit(event)
    slack.changes.note()


def _post_notice(
    slack: Slack, user: User, channel: Channel, subtype: str, what: str, notice: Payload
) -> None:
    """The line Slack itself writes into the channel about what `user` did."""
    message = Message(
        ts=slack.clock.ts(),
        channel_id=channel.id,
        user=user.id,
        text=f"<@{user.id}> {what}",
        team_id=user.team_id,
        subtype=subtype,
        notice=notice,
    )
    posting.post(slack, message, channel)
    slack.changes.note()
