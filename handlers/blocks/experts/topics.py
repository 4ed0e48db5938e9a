"""Topics and their experts: the list, and what is said of them."""

from collections.abc import Sequence

from bot.experts.topics import TopicView
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
    plain_text,
    section,
)

TOPICS_SHOWN = 40
EXPERTS_SHOWN = 15


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


def joined(topic: str) -> str:
    return f"Thank you. Questions about *{escape(topic)}* will reach you from now on."


def helps_already(topic: str) -> str:
    return f"You help on *{escape(topic)}* already."


def left(topic: str) -> str:
    return f"Done. You are not asked about *{escape(topic)}* any more."


def helped_not(topic: str) -> str:
    return f"You were not an expert on *{escape(topic)}*."
