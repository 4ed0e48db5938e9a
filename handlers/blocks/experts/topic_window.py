"""The window in which an admin makes or changes a topic: who helps, which questions, and what
happens if nobody answers."""

import json
from collections.abc import Sequence

from bot.experts.topic_window import SavedTopic, TopicForm
from bot.experts.topics import MAX_HINT, TopicView, Waits
from bot.experts.webhooks import MAX_ADDRESS
from bot.text import clip
from handlers.blocks.buttons import undo_button
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    count,
    escape,
    header,
    listed,
    mention,
    option,
    plain_text,
    section,
)

CALLBACK, SET_UP = "topic", "set_up_channel"
UNFOLD, UNFOLD_SET_UP, PACE = "unfold_topic", "unfold_set_up", "choose_pace"
DELETE = "delete"
MAX_OPTIONS, PEOPLE_NAMED = 100, 8
USUAL, OWN = "usual", "own"
PACES = {  # what is saved, in minutes of work
    USUAL: "",
    "quick": "5, 20, 120",
    "slow": "30, 240, 960",
}
PACE_LABELS = {
    USUAL: "As usual: after 10 minutes, 1 hour, 1 working day",
    "quick": "Quicker: after 5 minutes, 20 minutes, 2 hours",
    "slow": "Slower: after 30 minutes, 4 hours, 2 working days",
    OWN: "After times of your own",
}
TIMES = {
    "next_few": "Minutes until the next few are asked",
    "everybody": "Minutes until all experts are asked",
    "hand_off_after": "Minutes until it goes to the helpdesk",
    "pause": "Minutes that a reply pauses this",
}
USUAL_TIMES = (10, 60, 480, 540)

Groups = Sequence[tuple[str, str]]  # id and handle of each user group


def topic_modal(
    form: TopicForm,
    groups: Groups = (),
    *,
    is_whole: bool = True,
    has_own_times: bool | None = None,
) -> Block:
    """`is_whole`: False for the first two fields alone. `has_own_times`: None for as it is."""
    topic = form.topic
    first = [name_input(form), people_input(topic), context(how_many(topic))]
    if is_whole:
        own = pace_of(topic) == OWN if has_own_times is None else has_own_times
        blocks = [header("Who helps"), *first, *who_inputs(topic, groups)]
        blocks += [header("Which questions"), *question_inputs(form)]
        blocks += [header("If nobody answers"), *waiting_inputs(form, own), *end_inputs(form)]
    else:
        blocks = [*first, actions(unfold_button(form))]
    if form.sets_up:
        return window(SET_UP, form, form.channel_id or "", blocks)
    about = {
        "topic_id": topic.topic_id if topic else None,
        "channel_id": form.channel_id,
        "seen": form.seen,
    }
    return window(CALLBACK, form, json.dumps(about), blocks)


def window(callback_id: str, form: TopicForm, about: str, blocks: list[Block]) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text("Change topic" if form.topic else "New topic"),
        "submit": plain_text("Save"),
        "close": plain_text("Cancel"),
        "private_metadata": about,
        "blocks": blocks,
    }


def unfold_button(form: TopicForm) -> Block:
    label = "Sponsor, words, waiting times, helpdesk"
    if form.sets_up:
        return button(label, UNFOLD_SET_UP, form.channel_id or "")
    return button(label, UNFOLD)


def how_many(topic: TopicView | None) -> str:
    if topic is None:
        return "Whom you choose is asked first whether they would. With 0 experts, nobody is asked."
    said = []
    if not topic.member_ids:
        said.append("0 experts: nobody will be asked.")
    if topic.invited.waiting:
        said.append(f"Asked and not answered yet: {named(topic.invited.waiting)}.")
    if topic.invited.declined:
        said.append(f"Would rather not: {named(topic.invited.declined)}.")
    return " ".join(said) or "Whom you add is asked first whether they would."


def named(user_ids: Sequence[str]) -> str:
    shown = [mention(each) for each in user_ids[:PEOPLE_NAMED]]
    more = len(user_ids) - len(shown)
    return listed([*shown, count(more, "other")] if more else shown)


def name_input(form: TopicForm) -> Block:
    return text_input("name", "Name", form.topic.name if form.topic else form.name, most=60)


def who_inputs(topic: TopicView | None, groups: Groups) -> list[Block]:
    return [*([group_input(topic, groups[:MAX_OPTIONS])] if groups else []), sponsor_input(topic)]


def question_inputs(form: TopicForm) -> list[Block]:
    topic = form.topic
    blocks = [
        text_input(
            "keywords",
            "Words that tell this topic",
            ", ".join(topic.keywords) if topic else "",
            most=2000,
            hint="Separated by commas. A question with one of them belongs to this topic.",
            optional=True,
        ),
        text_input(
            "hint",
            "What experts will ask",
            topic.hint if topic else "",
            most=MAX_HINT,
            hint="Shown to somebody whose question says too little. For example: which form, which "
            "country, what you tried",
            optional=True,
        ),
    ]
    if form.channel_id and not form.sets_up:
        label = "Questions in this channel are about this topic"
        blocks.append(
            checkbox("own", "This channel", label, is_checked=form.is_channel_topic),
        )
    return blocks


def waiting_inputs(form: TopicForm, has_own_times: bool) -> list[Block]:
    """While a channel is set up, without what shows more fields or a secret."""
    topic = form.topic
    chosen = OWN if has_own_times else pace_of(topic)
    if form.sets_up:
        return [pace_input(chosen, has_own=False), hand_off_input(topic)]
    return [
        pace_input(chosen),
        *(time_inputs(topic.waits if topic else Waits()) if has_own_times else []),
        hand_off_input(topic),
        *address_inputs(topic),
    ]


def pace_of(topic: TopicView | None) -> str:
    waits = topic.waits if topic else Waits()
    chosen = (waits.next_few, waits.everybody, waits.hand_off, waits.pause)
    written = ", ".join(str(each) for each in chosen if each is not None)
    return next((pace for pace, minutes in PACES.items() if minutes == written), OWN)


def pace_input(chosen: str, *, has_own: bool = True) -> Block:
    """Choosing times of their own shows the fields for them."""
    labels = PACE_LABELS if has_own else {pace: PACE_LABELS[pace] for pace in PACES}
    options = {pace: option(words, pace) for pace, words in labels.items()}
    return {
        "type": "input",
        "block_id": "pace",
        "dispatch_action": has_own,
        "label": plain_text("Ask the next few, then everybody, then the helpdesk"),
        "hint": plain_text("Only working time of the experts counts."),
        "element": {
            "type": "static_select",
            "action_id": PACE,
            "options": list(options.values()),
            "initial_option": options[chosen if chosen in options else USUAL],
        },
    }


def time_inputs(waits: Waits) -> list[Block]:
    known = (waits.next_few, waits.everybody, waits.hand_off, waits.pause)
    return [
        {
            "type": "input",
            "block_id": block_id,
            "label": plain_text(label),
            "element": {
                "type": "number_input",
                "action_id": "value",
                "is_decimal_allowed": False,
                "min_value": "1",
                "max_value": "99999",
                "initial_value": str(minutes or usual),
            },
        }
        for (block_id, label), minutes, usual in zip(TIMES.items(), known, USUAL_TIMES, strict=True)
    ]


def people_input(topic: TopicView | None) -> Block:
    people = [each for each in topic.member_ids if not each.startswith("S")] if topic else []
    people += topic.invited.waiting if topic else ()
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


def group_input(topic: TopicView | None, groups: Groups) -> Block:
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
        "hint": plain_text("Whoever is in the group helps; each of them is told once."),
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


def end_inputs(form: TopicForm) -> list[Block]:
    """Deleting it, or making it a part of another one."""
    if form.topic is None:
        return []
    own = str(form.topic.topic_id)
    into = [option(clip(f"Merge into {name}", 75), each) for each, name in form.others]
    into = [each for each in into if each["value"] != own][: MAX_OPTIONS - 1]
    return [
        header("End this topic"),
        {
            "type": "input",
            "block_id": "end",
            "optional": True,
            "label": plain_text("Delete it, or make it a part of another one"),
            "hint": plain_text(
                "This cannot be taken back. Its experts are told. Merged, they help on the other "
                "one; deleted, its open questions go to their channels' own topics."
            ),
            "element": {
                "type": "static_select",
                "action_id": "value",
                "placeholder": plain_text("Keep it"),
                "options": [option("Delete it", DELETE), *into],
            },
        },
    ]


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


def saved_modal(saved: SavedTopic) -> Block:
    undo = [actions(undo_button(saved.change_id))] if saved.change_id else []
    return {
        "type": "modal",
        "title": plain_text("Saved"),
        "close": plain_text("Close"),
        "blocks": [section(how_it_stands(saved.topic)), *undo],
    }


def how_it_stands(topic: TopicView) -> str:
    name, waiting = escape(topic.name), len(topic.invited.waiting)
    experts = count(len(topic.member_ids), "expert")
    if not topic.member_ids and not waiting:
        return (
            f"*{name}* is saved. It has 0 experts: nobody will be asked. "
            "Add some, or tell people to join it in App Home."
        )
    if not topic.member_ids:
        asked = count(waiting, "person", "people")
        return (
            f"*{name}* is saved. I have asked {asked} whether they would help. "
            "Until one of them says yes, nobody will be asked."
        )
    if waiting:
        asked = count(waiting, "more person has", "more people have")
        return f"*{name}* is saved. It has {experts}; {asked} yet to say yes."
    return f"*{name}* is saved. It has {experts}."
