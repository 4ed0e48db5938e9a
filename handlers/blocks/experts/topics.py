"""Topics and their experts: the list, and the modal to create or change one."""

import json
from collections.abc import Sequence

from bot.experts.topics import MAX_HINT, TopicView, Waits
from bot.experts.webhooks import MAX_ADDRESS
from bot.text import clip
from handlers.blocks.text import (
    LISTED_LIMIT,
    Block,
    context,
    count,
    escape,
    fitting,
    inline,
    listed,
    mention,
    message,
    option,
    plain_text,
    section,
)

CALLBACK = "topic"
DELETE = "delete"
TOPICS_SHOWN = 40
EXPERTS_SHOWN = 15
MAX_OPTIONS = 100


def topic_list(topics: Sequence[TopicView]) -> Block:
    if not topics:
        text = "There are no topics yet. An admin can create one: `/askaround topic customs`"
        return message(text, [section(text)])
    text = "Who helps with what:"
    shown = fitting((topic_line(topic) for topic in topics[:TOPICS_SHOWN]), LISTED_LIMIT)
    blocks = [section(text), *(section(line) for line in shown)]
    if len(topics) > len(shown):
        more = len(topics) - len(shown)
        blocks.append(context(f"And {more} more: `/experts` with a topic's name shows it."))
    blocks.append(context("Do you know one of these well? `/experts join` and its name."))
    return message(text, blocks)


def topic_line(topic: TopicView) -> str:
    shown = [member(each) for each in topic.member_ids[:EXPERTS_SHOWN]]
    more = len(topic.member_ids) - len(shown)
    experts = listed([*shown, f"{more} more"] if more else shown) or nobody(topic)
    if shown and topic.away:
        experts += f" ({count(topic.away, 'other is', 'others are')} away)"
    words = f"\n_{inline(', '.join(topic.keywords), 150)}_" if topic.keywords else ""
    return f"*{escape(topic.name)}*: {experts}{words}"


def nobody(topic: TopicView) -> str:
    if not topic.away:
        return "nobody yet"
    return f"nobody right now ({count(topic.away, 'person is', 'people are')} away)"


def member(member_id: str) -> str:
    return f"<!subteam^{member_id}>" if member_id.startswith("S") else mention(member_id)


def topic_modal(
    *,
    topic: TopicView | None,
    name: str,
    groups: Sequence[tuple[str, str]],
    channel_id: str | None,
    is_channel_topic: bool,
    others: Sequence[tuple[int, str]] = (),
) -> Block:
    """`groups`: id and handle of each user group; `channel_id`: where the command was given;
    `others`: id and name of each topic that this one can become a part of."""
    blocks = [
        text_input("name", "Name", topic.name if topic else name, most=60),
        text_input(
            "keywords",
            "Words that tell this topic",
            ", ".join(topic.keywords) if topic else "",
            most=2000,
            hint="Separated by commas. A question with one of them belongs to this topic.",
            optional=True,
        ),
        people_input(topic),
    ]
    if groups:
        blocks.append(group_input(topic, groups[:MAX_OPTIONS]))
    blocks += [sponsor_input(topic), waits_input(topic), hint_input(topic), hand_off_input(topic)]
    blocks += address_inputs(topic)
    if channel_id:
        blocks.append(channel_checkbox(is_channel_topic))
    if topic is not None:
        blocks.append(end_input(topic, others))
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain_text("Change topic" if topic else "New topic"),
        "submit": plain_text("Save"),
        "close": plain_text("Cancel"),
        "private_metadata": json.dumps(
            {"topic_id": topic.topic_id if topic else None, "channel_id": channel_id}
        ),
        "blocks": blocks,
    }


def text_input(
    block_id: str, label: str, value: str, *, most: int, hint: str = "", optional: bool = False
) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": "value", "max_length": most}
    if value:
        element["initial_value"] = clip(value, most)
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "optional": optional,
        "label": plain_text(label),
        "element": element,
    }
    return {**block, "hint": plain_text(hint)} if hint else block


def people_input(topic: TopicView | None) -> Block:
    people = [each for each in topic.member_ids if not each.startswith("S")] if topic else []
    element: Block = {"type": "multi_users_select", "action_id": "value"}
    if people:
        element["initial_users"] = people
    return {
        "type": "input",
        "block_id": "people",
        "optional": True,
        "label": plain_text("Experts"),
        "element": element,
    }


def group_input(topic: TopicView | None, groups: Sequence[tuple[str, str]]) -> Block:
    options = {group_id: option(f"@{handle}", group_id) for group_id, handle in groups}
    chosen = [options[each] for each in (topic.member_ids if topic else ()) if each in options]
    element: Block = {
        "type": "multi_static_select",
        "action_id": "value",
        "options": list(options.values()),
    }
    if chosen:
        element["initial_options"] = chosen
    return {
        "type": "input",
        "block_id": "groups",
        "optional": True,
        "label": plain_text("User groups as experts"),
        "element": element,
    }


def sponsor_input(topic: TopicView | None) -> Block:
    element: Block = {"type": "users_select", "action_id": "value"}
    if topic and topic.sponsor_id:
        element["initial_user"] = topic.sponsor_id
    return {
        "type": "input",
        "block_id": "sponsor",
        "optional": True,
        "label": plain_text("Sponsor"),
        "hint": plain_text("The manager who owns this topic and recognises its experts."),
        "element": element,
    }


def waits_input(topic: TopicView | None) -> Block:
    waits = topic.waits if topic else Waits()
    chosen = (waits.next_few, waits.everybody, waits.hand_off, waits.pause)
    known = ", ".join(str(each) for each in chosen if each is not None)
    return text_input(
        "waits",
        "Minutes to wait",
        known if waits.next_few else "",
        most=40,
        hint="Working minutes until the next few are asked, until everybody is, and until it is "
        "handed off; and how many a reply pauses that. Usually 10, 60, 480, 540.",
        optional=True,
    )


def hand_off_input(topic: TopicView | None) -> Block:
    element: Block = {
        "type": "conversations_select",
        "action_id": "value",
        "filter": {"include": ["public", "private"]},
    }
    if topic and topic.hand_off_channel_id:
        element["initial_conversation"] = topic.hand_off_channel_id
    return {
        "type": "input",
        "block_id": "hand_off",
        "optional": True,
        "label": plain_text("Helpdesk channel"),
        "hint": plain_text("Gets the questions that nobody could take. Invite me there."),
        "element": element,
    }


def hint_input(topic: TopicView | None) -> Block:
    return text_input(
        "hint",
        "What experts will ask",
        topic.hint if topic else "",
        most=MAX_HINT,
        hint="Shown to somebody whose question says too little. For example: which form, which "
        "country, what you tried",
        optional=True,
    )


def address_inputs(topic: TopicView | None) -> list[Block]:
    address = topic.hand_off_url if topic else None
    hint = "A system outside Slack that gets them by a signed call, beside the channel or alone."
    written = text_input(
        "hand_off_url",
        "Helpdesk address (webhook)",
        address or "",
        most=MAX_ADDRESS,
        hint=hint,
        optional=True,
    )
    if not address:
        return [written]
    label = "Make a new secret; the one before no longer counts"
    return [written, checkbox("new_secret", "Secret of that address", label)]


def end_input(topic: TopicView, others: Sequence[tuple[int, str]]) -> Block:
    into = [option(clip(f"Merge into {name}", 75), each) for each, name in others]
    into = [each for each in into if each["value"] != str(topic.topic_id)][: MAX_OPTIONS - 1]
    return {
        "type": "input",
        "block_id": "end",
        "optional": True,
        "label": plain_text("End this topic"),
        "hint": plain_text(
            "Its experts are told. Merged, they help on the other one; deleted, its open questions "
            "go to their channels' own topics."
        ),
        "element": {
            "type": "static_select",
            "action_id": "value",
            "placeholder": plain_text("Keep it"),
            "options": [option("Delete it", DELETE), *into],
        },
    }


def renamed(former: str, name: str) -> str:
    return f"Done. *{escape(former)}* is called *{escape(name)}* from now on."


def merged(name: str, into: str) -> str:
    return (
        f"Done. *{escape(name)}* is a part of *{escape(into)}* now, with its questions and its "
        "experts, who hear of it from me."
    )


def deleted(name: str) -> str:
    return (
        f"Done. There is no topic *{escape(name)}* any more. Its open questions go on in their "
        "channels' own topics, and its experts hear of it from me."
    )


def topic_note(name: str, into: str, by: str) -> Block:
    """For an expert of a topic that is no more. `into`: what it is a part of now, if anything."""
    if into:
        text = (
            f"{mention(by)} made *{escape(name)}* a part of *{escape(into)}*. You help on "
            f"*{escape(into)}* from now on."
        )
        how = f"`/experts leave {escape(into)}` ends that."
    else:
        text = (
            f"{mention(by)} deleted the topic *{escape(name)}*. I do not ask you about it any more."
        )
        how = "`/experts` lists the topics that there are; you can join each of them."
    return message(text, [section(text), context(how)])


def secret_modal(secret: str) -> Block:
    """A modal is no message: Slack keeps nothing of it."""
    text = (
        "Saved. I sign each call to the helpdesk's address with this secret. Copy it to the "
        f"helpdesk now, because nobody is shown it again:\n```{secret}```"
    )
    lost = "If it gets lost: open this topic once more and choose a new secret."
    return {
        "type": "modal",
        "title": plain_text("Secret"),
        "close": plain_text("I have copied it"),
        "blocks": [section(text), context(lost)],
    }


def channel_checkbox(is_checked: bool) -> Block:
    return checkbox(
        "own",
        "This channel",
        "Questions in this channel are about this topic",
        is_checked=is_checked,
    )


def checkbox(block_id: str, label: str, choice: str, *, is_checked: bool = False) -> Block:
    """One box; it is checked if the values chosen have the block's own name."""
    own = option(choice, block_id)
    element: Block = {"type": "checkboxes", "action_id": "value", "options": [own]}
    if is_checked:
        element["initial_options"] = [own]
    return {
        "type": "input",
        "block_id": block_id,
        "optional": True,
        "label": plain_text(label),
        "element": element,
    }


def joined(topic: str) -> str:
    return f"Thank you. Questions about *{escape(topic)}* will reach you from now on."


def helps_already(topic: str) -> str:
    return f"You help on *{escape(topic)}* already."


def left(topic: str) -> str:
    return f"Done. You are not asked about *{escape(topic)}* any more."


def helped_not(topic: str) -> str:
    return f"You were not an expert on *{escape(topic)}*."
