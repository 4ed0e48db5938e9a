"""Who may press what: one row an action, view, command or shortcut and what it is about.

A row says, for each person of the scene, what comes of it. People who cannot read the board room
read the same sentence whatever state the thing is in, or if it never was."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot import errors
from bot.errors import UserError
from tests.presses.scene import (
    ADMIN,
    ADMIN_OUTSIDE,
    ASKER,
    BOT,
    CLOSED,
    EXPERT,
    EXTERNAL,
    FOREIGN,
    GUEST,
    GUEST_OUTSIDE,
    LEFT,
    LOBBY,
    MEMBER,
    OUTSIDE,
    OUTSIDER,
    PRESSED_AT,
    SECRET,
    SLOT,
    TOPIC,
    Ids,
)

Body = dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    name: str


DOES = Outcome("does it")  # something changed
SHOWS = Outcome("shows it")  # nothing changed; something is shown
NOTHING = Outcome("nothing")  # neither
Expected = Outcome | UserError


@dataclass(frozen=True)
class Row:
    """`by`: what is not `otherwise`. Who cannot read the board room gets `outside`, if that is
    another thing."""

    heard: str  # as it is registered: action claim_question, view ask …
    about: str
    press: Callable[[Ids], Body]
    otherwise: Expected
    outside: Expected | None = None
    by: Mapping[str, Expected] = field(default_factory=dict)
    may_name: tuple[str, ...] = ()  # who may read the topic's name: its experts, and admins

    def expected(self, user_id: str) -> Expected:
        if user_id == CLOSED:
            return errors.OnlyOpenAccounts()
        if user_id in self.by:
            return self.by[user_id]
        if user_id in OUTSIDE and self.outside is not None:
            return self.outside
        return self.otherwise


# What is sent


def click(
    action_id: str, value: object = None, *, channel_id: str = SECRET, **more: Any
) -> Callable[[Ids], Body]:
    """A button of a message; `value` may be the name of one of the scene's rows."""

    def body(ids: Ids) -> Body:
        action = {"type": "button", "action_id": action_id, "block_id": "b", **filled(ids, more)}
        if value is not None:
            action["value"] = named(ids, value)
        return {
            "type": "block_actions",
            "container": {"type": "message", "channel_id": channel_id, "message_ts": "1.1"},
            "channel": {"id": channel_id, "name": "privategroup"},
            "actions": [{**action, "action_ts": f"{PRESSED_AT.timestamp():.6f}"}],
        }

    return body


def at_home(action_id: str, value: object = None, **more: Any) -> Callable[[Ids], Body]:
    """A button of App Home."""

    def body(ids: Ids) -> Body:
        clicked = click(action_id, value, **more)(ids)
        clicked.pop("channel")
        return {**clicked, "view": {"id": "V1", "type": "home"}, "container": {"type": "view"}}

    return body


def on_modal(action_id: str, value: object = None) -> Callable[[Ids], Body]:
    """A button of a modal of ours."""

    def body(ids: Ids) -> Body:
        clicked = at_home(action_id, value)(ids)
        return {**clicked, "view": {"id": "V1", "type": "modal"}}

    return body


def refers(question: str, to_id: object) -> Callable[[Ids], Body]:
    def body(ids: Ids) -> Body:
        block_id = f"refer:{named(ids, question)}"
        chosen = {"block_id": block_id, "type": "users_select", "selected_user": to_id}
        return click("refer_question", **chosen)(ids)

    return body


def submit(callback_id: str, metadata: object = "", **inputs: Any) -> Callable[[Ids], Body]:
    """A modal. Inputs are text, or what Slack sends of a menu."""

    def body(ids: Ids) -> Body:
        about = json.dumps(filled(ids, metadata)) if isinstance(metadata, dict) else metadata
        values = {
            block_id: {"value": filled(ids, state) if isinstance(state, dict) else typed(state)}
            for block_id, state in inputs.items()
        }
        blocks = [{"type": "input", "block_id": block_id} for block_id in inputs]
        return {
            "type": "view_submission",
            "view": {
                "id": "V1",
                "type": "modal",
                "callback_id": callback_id,
                "title": {"type": "plain_text", "text": "Askaround"},
                "private_metadata": named(ids, about),
                "blocks": blocks,
                "state": {"values": values},
            },
        }

    return body


def typed(text: object) -> Body:
    return {"type": "plain_text_input", "value": text}


def one(value: object) -> Body:
    return {"type": "static_select", "selected_option": {"value": value}}


def many(*values: object) -> Body:
    return {
        "type": "multi_static_select",
        "selected_options": [{"value": value} for value in values],
    }


def people(*user_ids: object) -> Body:
    return {"type": "multi_users_select", "selected_users": list(user_ids)}


def person(user_id: object) -> Body:
    return {"type": "users_select", "selected_user": user_id}


def conversation(channel_id: str) -> Body:
    return {"type": "conversations_select", "selected_conversation": channel_id}


def command(name: str, text: str = "", *, channel_id: str = SECRET) -> Callable[[Ids], Body]:
    return lambda ids: {
        "command": name,
        "text": text,
        "channel_id": channel_id,
        "channel_name": "privategroup",
    }


def on_message(
    callback_id: str, of: str, *, author: str = MEMBER, channel_id: str = SECRET
) -> Callable[[Ids], Body]:
    """A message's shortcut; `of` is the scene's name of the message, or its ts."""
    return lambda ids: {
        "type": "message_action",
        "callback_id": callback_id,
        "action_ts": f"{PRESSED_AT.timestamp():.6f}",
        "message_ts": ids.ts.get(of, of),
        "channel": {"id": channel_id, "name": "privategroup"},
        "message": {
            "type": "message",
            "user": author,
            "ts": ids.ts.get(of, of),
            "text": "How long does the zebra sleep?",
        },
    }


def named(ids: Ids, value: object) -> object:
    """`open` is that question's number, and `answered:reply` two numbers; all else is itself."""
    if not isinstance(value, str):
        return value
    parts = [str(getattr(ids, part, part)) for part in value.split(":")]
    return ":".join(parts)


def filled(ids: Ids, given: Any) -> Any:
    """With the scene's numbers for the names, in what Slack sends as text and we as numbers."""
    if isinstance(given, dict):
        return {key: filled(ids, each) for key, each in given.items()}
    if isinstance(given, list):
        return [filled(ids, each) for each in given]
    if isinstance(given, str) and given.startswith("#"):
        return getattr(ids, given[1:])
    return named(ids, given) if isinstance(given, str) else given


def setting_of(setting: str, subject: str = "") -> Body:
    return {"setting": setting, "subject": subject, "seen": ""}


def each_of(people: Iterable[str], expected: Expected) -> dict[str, Expected]:
    return dict.fromkeys(people, expected)


# Sentences that several rows end with

GONE, REPLY_GONE = errors.QuestionIsGone(), errors.ReplyIsGone()
ADMINS_ONLY, NO_TOPIC = errors.OnlyAdmins(), errors.UnknownTopic(TOPIC)
INVITATION_SETTLED = errors.InvitationIsSettled()
MEMBERS_ONLY, SETTLED = errors.OnlyMembersMayJoin(), errors.ProposalIsSettled()
NOT_IN_CHANNEL, NO_ANSWER = errors.NotInChannel(), errors.NotAnAnswer()
NO_NOTE, NO_SPONSOR = errors.NoteIsGone(), errors.NotASponsor()
LATER_TS = "1900000000.000000"
MAY_SAY = errors.OnlyAskerMaySay(ASKER)
MAY_OPEN = errors.OnlyAskerOrExpertMayOpen(ASKER)
MAY_WITHDRAW = errors.OnlyAskerOrExpertMayWithdraw(ASKER)
MAY_MERGE = errors.OnlyAskerOrExpertMayMerge(ASKER)
MAY_ACCEPT = errors.OnlyAskerOrExpertMayAccept(ASKER)
MAY_SPLIT = errors.OnlyThoseMaySplit(MEMBER)
MAY_PART = errors.OnlyThoseMaySplit(ASKER)
MAY_MOVE = errors.OnlyAskerOrExpertMayMove(ASKER)
MAY_SEE_HEALTH = errors.OnlyAdminsAndSponsors()
DECIDE = (ASKER, EXPERT, ADMIN)  # a guest's or stranger's word does not end another's question
ADMINS = (ADMIN, ADMIN_OUTSIDE)
FINDING_NOTHING = (OUTSIDER, ADMIN_OUTSIDE, LEFT)  # that they do is kept, without who it was

SAVED = {
    "topics": many("topic"),
    "when": one("own"),
    "days": many("0", "4"),
    "starts": {"type": "timepicker", "selected_time": "09:00"},
    "ends": {"type": "timepicker", "selected_time": "17:30"},
    "limit": "8",
    "messages": one("usual"),
    "back_on": {"type": "datepicker", "selected_date": "2027-01-04"},
    "reminders": many("mark"),
}
TOPIC_INPUTS = {
    "name": TOPIC,
    "keywords": "zebra, quagga",
    "people": people(EXPERT, GUEST, LEFT),
    "sponsor": person(EXPERT),
    "own": {"type": "checkboxes", "selected_options": [{"value": "own"}]},
}
TOPIC_METADATA = {"topic_id": "#topic", "channel_id": SECRET, "seen": ""}

CARDS = [
    Row(
        "action claim_question",
        "an open question",
        click("claim_question", "open"),
        DOES,
        GONE,
        {ASKER: errors.AskersCannotClaim()},
    ),
    Row(
        "action claim_question",
        "an open question, in Home",
        at_home("claim_question", "open"),
        DOES,
        GONE,
        {ASKER: errors.AskersCannotClaim()},
    ),
    Row(
        "action claim_question",
        "a taken question",
        click("claim_question", "claimed"),
        errors.AlreadyClaimed(EXPERT),
        GONE,
        {EXPERT: NOTHING, ASKER: errors.AskersCannotClaim()},
    ),
    Row(
        "action claim_question",
        "a solved question",
        click("claim_question", "solved"),
        errors.AlreadySolved(),
        GONE,
    ),
    Row(
        "action claim_question",
        "a merged question",
        click("claim_question", "merged"),
        errors.AskedElsewhere(),
        GONE,
    ),
    Row("action claim_question", "a withdrawn question", click("claim_question", "gone"), GONE),
    Row(
        "action claim_question",
        "another workspace's question",
        click("claim_question", "theirs"),
        GONE,
        by={FOREIGN: errors.AskersCannotClaim()},
    ),
    Row("action pass_question", "an open question", click("pass_question", "open"), DOES, GONE),
    Row("action pass_question", "a solved question", click("pass_question", "solved"), DOES, GONE),
    Row(
        "action refer_question",
        "an open question, to the member",
        refers("open", MEMBER),
        DOES,
        GONE,
        {MEMBER: errors.CannotBeAsked(MEMBER)},
    ),
    Row(
        "action refer_question",
        "an open question, to its asker",
        refers("open", ASKER),
        errors.CannotBeAsked(ASKER),
        GONE,
    ),
    Row(
        "action refer_question",
        "an open question, to somebody outside",
        refers("open", OUTSIDER),
        errors.CannotBeAsked(OUTSIDER),
        GONE,
    ),
    Row(
        "action refer_question",
        "an open question, to an app",
        refers("open", BOT),
        errors.CannotBeAsked(BOT),
        GONE,
    ),
    Row(
        "action refer_question",
        "an open question, to a closed account",
        refers("open", CLOSED),
        errors.CannotBeAsked(CLOSED),
        GONE,
    ),
    Row("action pause_topic", "an open question", click("pause_topic", "open"), DOES, GONE),
    Row(
        "action not_a_question",
        "an open question",
        click("not_a_question", "open"),
        MAY_WITHDRAW,
        GONE,
        each_of(DECIDE, DOES),
    ),
    Row(
        "action not_a_question",
        "a solved question",
        click("not_a_question", "solved"),
        MAY_WITHDRAW,
        GONE,
        each_of(DECIDE, DOES),
    ),
    Row(
        "action question_more",
        "an open question",
        click("question_more", type="overflow", selected_option={"value": "open"}),
        MAY_MERGE,
        GONE,
        each_of(DECIDE, SHOWS),
    ),
    Row(
        "action question_more",
        "what was said after a question",
        click("question_more", type="overflow", selected_option={"value": "part:several"}),
        MAY_PART,
        GONE,
        each_of(DECIDE, SHOWS),
    ),
    Row(
        "view part_off",
        "what was said after a question",
        submit("part_off", "several", follow_up=one("follow_up_ts")),
        MAY_PART,
        GONE,
        each_of(DECIDE, DOES),
    ),
    Row(
        "view part_off",
        "a message of another question",
        submit("part_off", "open", follow_up=one("follow_up_ts")),
        MAY_PART,
        GONE,
        each_of(DECIDE, errors.NothingToPart()),
    ),
    Row(
        "action question_more",
        "what an open question is about",
        click("question_more", type="overflow", selected_option={"value": "move:open"}),
        MAY_MOVE,
        GONE,
        each_of(DECIDE, SHOWS),
    ),
    Row(
        "view move_question",
        "an open question, about what it is about",
        submit("move_question", "open", topic=one("topic")),
        MAY_MOVE,
        GONE,
        each_of(DECIDE, NOTHING),
    ),
    Row(
        "view move_question",
        "an open question, about another topic",
        submit("move_question", "open", topic=one("public_topic")),
        MAY_MOVE,
        GONE,
        each_of(DECIDE, DOES),
    ),
    Row(
        "view move_question",
        "an open question, about no topic",
        submit("move_question", "open", topic=one("0")),
        MAY_MOVE,
        GONE,
        each_of(DECIDE, errors.TopicCannotBeUsed()),
    ),
    Row(
        "action question_more",
        "the words of a question that the bot posted",
        click("question_more", type="overflow", selected_option={"value": "reword:by_command"}),
        MAY_SAY,
        GONE,
        {ASKER: SHOWS},
    ),
    Row(
        "action question_more",
        "a question that the bot posted, to delete it",
        click("question_more", type="overflow", selected_option={"value": "take_back:by_command"}),
        MAY_SAY,
        GONE,
        {ASKER: SHOWS},
    ),
    Row(
        "view reword_posted",
        "a question that the bot posted",
        submit("reword_posted", "by_command", question="Which zebra form is it for Italy?"),
        MAY_SAY,
        GONE,
        {ASKER: DOES},
    ),
    Row(
        "view reword_posted",
        "a question that its asker posted",
        submit("reword_posted", "open", question="Which zebra form is it for Italy?"),
        MAY_SAY,
        GONE,
        {ASKER: errors.NotPostedForYou()},
    ),
    Row(
        "view take_back_posted",
        "a question that the bot posted",
        submit("take_back_posted", "by_command"),
        MAY_SAY,
        GONE,
        {ASKER: DOES},
    ),
    Row(
        "view merge",
        "two open questions",
        submit("merge", "twin", question=one("open")),
        MAY_MERGE,
        GONE,
        each_of(DECIDE, DOES),
    ),
    Row(
        "view merge",
        "into one that the asker cannot read",
        submit("merge", "twin", question=one("elsewhere")),
        MAY_MERGE,
        GONE,
        each_of(DECIDE, errors.CannotBeMerged()),
    ),
    Row(
        "view merge",
        "into one that never was",
        submit("merge", "twin", question=one("999999")),
        MAY_MERGE,
        GONE,
        each_of(DECIDE, errors.CannotBeMerged()),
    ),
    Row(
        "action take_there",
        "two open questions",
        click("take_there", "twin:open"),
        MAY_MERGE,
        GONE,
        each_of(DECIDE, DOES),
    ),
    Row(
        "action not_the_same",
        "a merged question",
        click("not_the_same", "merged"),
        MAY_MERGE,
        GONE,
        each_of(DECIDE, DOES),
    ),
    Row(
        "action keep_claim",
        "a taken question",
        click("keep_claim", "claimed"),
        SHOWS,
        GONE,
        {EXPERT: DOES},
    ),
    Row("action mute_nudge", "their own", click("mute_nudge", "mark"), DOES, by={FOREIGN: SHOWS}),
]

MARKS = [
    Row(
        "action mark_reply",
        "an answered question",
        click("mark_reply", "answered:reply"),
        errors.OnlyAskerMayMark(),
        GONE,
        {ASKER: DOES},
    ),
    Row(
        "action unmark_reply",
        "a solved question",
        click("unmark_reply", "solved:marked"),
        errors.OnlyAskerMayMark(),
        GONE,
        {ASKER: DOES},
    ),
    Row(
        "action mark_reply",
        "a reply to another question",
        click("mark_reply", "answered:marked"),
        errors.OnlyAskerMayMark(),
        GONE,
        {ASKER: GONE},
    ),
    Row(
        "action suggestion_right",
        "the asker's",
        click("suggestion_right", "suggested:solved"),
        GONE,
        by={ASKER: DOES},
    ),
    Row(
        "action suggestion_right",
        "one that was not suggested",
        click("suggestion_right", "suggested:elsewhere"),
        GONE,
    ),
    Row(
        "action suggestions_wrong",
        "the asker's",
        click("suggestions_wrong", "suggested"),
        GONE,
        by={ASKER: DOES},
    ),
    Row(
        "action still_open",
        "the asker's, which a suggestion solved",
        click("still_open", "reused"),
        GONE,
        by={ASKER: DOES},
    ),
    Row(
        "shortcut accept_solution",
        "a reply",
        on_message("accept_solution", "reply"),
        MAY_ACCEPT,
        NO_ANSWER,
        each_of(DECIDE, DOES),
    ),
    Row(
        "shortcut accept_solution",
        "a message that is none",
        on_message("accept_solution", "77.000100"),
        NO_ANSWER,
    ),
    *(
        Row(
            f"action {action_id}",
            "what its author is asked about",
            click(action_id, "unsure_ts"),
            errors.MessageIsGone(),
            NOT_IN_CHANNEL,
            {ASKER: DOES, FOREIGN: errors.MessageIsGone()},
        )
        for action_id in ("ask_them", "no_question")
    ),
    Row(
        "action ask_them",
        "a message that nobody asked about",
        click("ask_them", "77.000100"),
        errors.MessageIsGone(),
        NOT_IN_CHANNEL,
        {FOREIGN: errors.MessageIsGone()},
    ),
    Row(
        "shortcut ask_about_message",
        "a message",
        on_message("ask_about_message", "77.000100"),
        DOES,
        NOT_IN_CHANNEL,
        {FOREIGN: NOTHING},
    ),
    Row(
        "shortcut ask_about_message",
        "a message that is a question",
        on_message("ask_about_message", "open", author=ASKER),
        errors.AlreadyAQuestion(),
        NOT_IN_CHANNEL,
        {FOREIGN: NOTHING},
    ),
    Row(
        "shortcut ask_about_message",
        "an app's message",
        on_message("ask_about_message", "77.000100", author="USLACKBOT"),
        errors.NothingToAsk(),
        NOT_IN_CHANNEL,
        {FOREIGN: errors.NothingToAsk()},
    ),
    Row(
        "shortcut ask_about_message",
        "a reply to a question",
        on_message("ask_about_message", "reply"),
        MAY_SPLIT,
        NOT_IN_CHANNEL,
        {**each_of((*DECIDE, MEMBER), SHOWS), FOREIGN: NOTHING},
    ),
    Row(
        "view split",
        "a reply",
        submit("split", "reply", topic=one(None), later=many()),
        MAY_SPLIT,
        REPLY_GONE,
        each_of((*DECIDE, MEMBER), DOES),
    ),
    Row("view split", "a reply that never was", submit("split", "999999"), REPLY_GONE),
]

ENDS = [
    Row(
        "action still_stuck",
        "an answered question",
        click("still_stuck", "answered"),
        MAY_SAY,
        GONE,
        {ASKER: DOES},
    ),
    Row(
        "action still_stuck",
        "a question that is asked about",
        click("still_stuck", "open"),
        MAY_SAY,
        GONE,
        {ASKER: SHOWS},
    ),
    Row(
        "action still_stuck",
        "a solved question",
        click("still_stuck", "solved"),
        MAY_SAY,
        GONE,
        {ASKER: errors.AlreadySolved()},
    ),
    Row(
        "action close_question",
        "an open question",
        click("close_question", "open"),
        MAY_SAY,
        GONE,
        {ASKER: DOES},
    ),
    Row(
        "action close_question",
        "a solved question",
        click("close_question", "solved"),
        MAY_SAY,
        GONE,
        {ASKER: errors.AlreadySolved()},
    ),
    Row("action close_question", "a withdrawn question", click("close_question", "gone"), GONE),
    Row(
        "action solved_elsewhere",
        "an open question",
        click("solved_elsewhere", "open"),
        MAY_SAY,
        GONE,
        {ASKER: DOES},
    ),
    Row(
        "action solved_elsewhere",
        "a solved question",
        click("solved_elsewhere", "solved"),
        MAY_SAY,
        GONE,
        {ASKER: errors.AlreadySolved()},
    ),
    Row("action solved_elsewhere", "a withdrawn one", click("solved_elsewhere", "gone"), GONE),
    Row(
        "action that_was_not_it",
        "what an expert marked",
        click("that_was_not_it", "judged"),
        MAY_SAY,
        GONE,
        {ASKER: DOES},
    ),
    Row(
        "action that_was_not_it",
        "what its asker marked",
        click("that_was_not_it", "solved"),
        MAY_SAY,
        GONE,
        {ASKER: SHOWS},
    ),
    Row("action that_was_not_it", "a withdrawn one", click("that_was_not_it", "gone"), GONE),
    Row(
        "action keep_asking",
        "an open question",
        click("keep_asking", "open"),
        MAY_SAY,
        GONE,
        {ASKER: SHOWS},
    ),
    Row(
        "action open_again",
        "an open question",
        click("open_again", "open"),
        MAY_OPEN,
        GONE,
        each_of(DECIDE, SHOWS),
    ),
    Row(
        "action open_again",
        "a solved question",
        click("open_again", "solved"),
        MAY_OPEN,
        GONE,
        each_of(DECIDE, DOES),
    ),
    Row(
        "action answers_this",
        "an open question",
        click("answers_this", f"open:{LATER_TS}"),
        MAY_ACCEPT,
        GONE,
        each_of(DECIDE, DOES),
    ),
    Row(
        "action answers_this",
        "an open question, and no message",
        click("answers_this", "open:zebra"),
        MAY_ACCEPT,
        GONE,
        each_of(DECIDE, errors.NotAnAnswer()),
    ),
    Row(
        "action say_what_it_was",
        "an open question",
        click("say_what_it_was", "open"),
        MAY_SAY,
        GONE,
        {ASKER: SHOWS},
    ),
    Row(
        "view what_it_was",
        "a question without a card",
        submit("what_it_was", "open", words=typed("It was the fuse.")),
        MAY_SAY,
        GONE,
        {ASKER: errors.NoCardYet()},
    ),
]

ASKING = [
    Row("command /ask", "there", command("/ask"), SHOWS),
    Row(
        "action ask_instead",
        "there",
        click("ask_instead", "where is it"),
        SHOWS,
    ),
    Row(
        "view ask",
        "in the board room",
        submit("ask", question="Where is it?", channel=one(SECRET), topic=one(None)),
        DOES,
        errors.ChannelCannotBeUsed(field="channel"),
        {FOREIGN: NOTHING},
    ),
    Row(
        "view ask",
        "in a channel that is not ours",
        submit("ask", question="Where is it?", channel=one("C0NOWHERE"), topic=one(None)),
        errors.ChannelCannotBeUsed(field="channel"),
    ),
    Row(
        "view ask",
        "in the lobby, about the board room's topic",
        submit("ask", question="Where is it?", channel=one(LOBBY), topic=one("topic")),
        DOES,
        by={FOREIGN: errors.ChannelCannotBeUsed(field="channel")},
    ),
]

EXPERTS = [
    Row("command /experts", "the list", command("/experts"), SHOWS),
    Row(
        "command /experts",
        "the board room's topic",
        command("/experts", TOPIC),
        SHOWS,
        NO_TOPIC,
    ),
    Row(
        "command /experts",
        "a topic that never was",
        command("/experts", "Nothing"),
        errors.UnknownTopic("Nothing"),
    ),
    Row(
        "command /experts",
        "join the board room's topic",
        command("/experts", f"join {TOPIC}"),
        DOES,
        NO_TOPIC,
        {
            EXPERT: SHOWS,
            GUEST: SHOWS,
            LEFT: SHOWS,
            EXTERNAL: MEMBERS_ONLY,
            GUEST_OUTSIDE: MEMBERS_ONLY,
        },
        may_name=(LEFT,),
    ),
    Row(
        "command /experts",
        "join a topic of no channel",
        command("/experts", "join Printing"),
        DOES,
        by={
            GUEST: MEMBERS_ONLY,
            EXTERNAL: MEMBERS_ONLY,
            GUEST_OUTSIDE: MEMBERS_ONLY,
            OUTSIDER: SHOWS,
            FOREIGN: errors.UnknownTopic("Printing"),
        },
    ),
    Row(
        "command /experts",
        "join a topic that never was",
        command("/experts", "join Nothing"),
        errors.UnknownTopic("Nothing"),
        by=each_of((GUEST, EXTERNAL, GUEST_OUTSIDE), MEMBERS_ONLY),
    ),
    Row(
        "command /experts",
        "leave the board room's topic",
        command("/experts", f"leave {TOPIC}"),
        SHOWS,
        NO_TOPIC,
        each_of((EXPERT, GUEST, LEFT), DOES),
        may_name=(LEFT,),
    ),
    Row(
        "command /experts",
        "join here",
        command("/experts", "join"),
        DOES,
        errors.NoTopicNamed("join"),
        {EXPERT: SHOWS, GUEST: SHOWS, EXTERNAL: MEMBERS_ONLY, FOREIGN: DOES},  # in their own
    ),
    Row("command /experts", "away", command("/experts", "away"), DOES, by={FOREIGN: SHOWS}),
    Row(
        "command /experts",
        "their country's holidays",
        command("/experts", "holidays Italy"),
        DOES,
        by={FOREIGN: SHOWS},
    ),
    Row(
        "command /experts",
        "their calendar",
        command("/experts", "calendar https://calendar.example.com/mine.ics"),
        DOES,
        by={FOREIGN: SHOWS},
    ),
    Row("command /experts", "limit", command("/experts", "limit 3"), DOES, by={FOREIGN: SHOWS}),
    Row(
        "command /experts",
        "a limit beyond all bounds",
        command("/experts", "limit 00009999999999999999999"),
        errors.NotALimit("00009999999999999999999", 50),
    ),
    Row(
        "action change_availability",
        "their own",
        at_home("change_availability"),
        SHOWS,
        may_name=(LEFT,),
    ),
    Row(
        "view availability",
        "with the board room's topic",
        submit("availability", **SAVED),
        DOES,
        by={EXTERNAL: MEMBERS_ONLY, GUEST_OUTSIDE: MEMBERS_ONLY, FOREIGN: NOTHING},
    ),
    Row(
        "action join_proposed",
        "the board room's topic",
        click("join_proposed", "topic"),
        SETTLED,
        by={MEMBER: DOES, EXTERNAL: MEMBERS_ONLY},
    ),
    Row(
        "action decline_proposed",
        "the board room's topic",
        click("decline_proposed", "topic"),
        SETTLED,
        by={MEMBER: DOES, EXTERNAL: DOES},
    ),
    Row(
        "action accept_invitation",
        "the board room's topic",
        click("accept_invitation", "topic"),
        INVITATION_SETTLED,
        by={MEMBER: DOES},
    ),
    Row(
        "action refuse_invitation",
        "the board room's topic",
        click("refuse_invitation", "topic"),
        INVITATION_SETTLED,
        by={MEMBER: DOES},
    ),
    Row(
        "action choose_when",
        "the board room's topic",
        click("choose_when", "topic"),
        SHOWS,
        may_name=(LEFT,),
    ),
    Row(
        "action add_proposed",
        "the member",
        at_home("add_proposed", f"topic:{MEMBER}"),
        ADMINS_ONLY,
        by={**each_of(ADMINS, DOES), FOREIGN: SETTLED},
    ),
    Row(
        "action add_proposed",
        "somebody of another company",
        at_home("add_proposed", f"topic:{EXTERNAL}"),
        ADMINS_ONLY,
        by={**each_of(ADMINS, SETTLED), FOREIGN: SETTLED},
    ),
    Row(
        "action put_off_proposed",
        "the member",
        at_home("put_off_proposed", f"topic:{MEMBER}"),
        ADMINS_ONLY,
        by={**each_of(ADMINS, DOES), FOREIGN: SETTLED},
    ),
    Row(
        "view topic",
        "the board room's",
        submit("topic", TOPIC_METADATA, **TOPIC_INPUTS),
        ADMINS_ONLY,
        by={**each_of(ADMINS, DOES), FOREIGN: errors.TopicIsGone()},
        may_name=(ADMIN_OUTSIDE,),
    ),
    Row(
        "view topic",
        "to delete the board room's",
        submit("topic", TOPIC_METADATA, **TOPIC_INPUTS, end=one("delete")),
        ADMINS_ONLY,
        by={**each_of(ADMINS, DOES), FOREIGN: errors.TopicIsGone()},
    ),
    Row(
        "view topic",
        "with an app as expert",
        submit("topic", TOPIC_METADATA, **{**TOPIC_INPUTS, "people": people(EXPERT, BOT)}),
        ADMINS_ONLY,
        by={**each_of(ADMINS, errors.OnlyPeopleCanBeExperts()), FOREIGN: errors.TopicIsGone()},
    ),
]

FINDING = [
    Row(
        "command /find",
        "its words",
        command("/find", "open the safe"),
        SHOWS,
        by=each_of(FINDING_NOTHING, DOES),
    ),
    Row(
        "command /find",
        "its topic",
        command("/find", f'topic:"{TOPIC}" safe'),
        SHOWS,
        by=each_of(FINDING_NOTHING, DOES),
    ),
    Row("action open_search", "", at_home("open_search"), SHOWS),
    Row("action all_commands", "", click("all_commands"), SHOWS),
    Row(
        "view search",
        "its words",
        submit("search", words="safe key"),
        SHOWS,
        by=each_of(FINDING_NOTHING, DOES),
    ),
    Row(
        "action find_more",
        "its words",
        click("find_more", json.dumps({"words": "safe key", "offset": 0})),
        SHOWS,
    ),
    Row(
        "action reply_with_gist",
        "for whom a question waits",
        click("reply_with_gist", json.dumps({"words": "Turn it twice.", "sources": []})),
        errors.NobodyWaitsForYou(),
        by=each_of((EXPERT, GUEST), SHOWS),
    ),
    Row(
        "view gist_reply",
        "a question that waits for them",
        submit(
            "gist_reply", {"sources": ["#solved"]}, question=one("open"), reply="Turn it twice."
        ),
        GONE,
        by=each_of((EXPERT, GUEST), DOES),
    ),
    Row(
        "view gist_reply",
        "nothing to say",
        submit("gist_reply", {"sources": []}, question=one("open"), reply=" "),
        GONE,
        by=each_of((EXPERT, GUEST), errors.WriteTheReply()),
    ),
    Row(
        "action ask_drafted",
        "a draft of the asker's assistant",
        click("ask_drafted", "drafted"),
        errors.DraftIsGone(),
        by={ASKER: DOES},
    ),
    Row(
        "action refuse_drafted",
        "a draft of the asker's assistant",
        click("refuse_drafted", "drafted"),
        errors.DraftIsGone(),
        by={ASKER: DOES},
    ),
    Row(
        "action change_drafted",
        "a draft of the asker's assistant",
        click("change_drafted", "drafted"),
        errors.DraftIsGone(),
        by={ASKER: SHOWS},
    ),
    Row(
        "view change_drafted",
        "a draft of the asker's assistant",
        submit("change_drafted", "drafted", question="Who feeds the cat?"),
        errors.DraftIsGone(),
        by={ASKER: DOES},
    ),
    Row("action open_assistants", "", at_home("open_assistants", "mine"), SHOWS),
    Row(
        "view assistants",
        "nothing from assistants, for oneself",
        submit("assistants", mine=many("none")),
        DOES,
        by={FOREIGN: SHOWS},
    ),
    Row(
        "view assistants",
        "how assistants may ask",
        submit("assistants", mine=many(), way=one("at_once"), share=one("50")),
        errors.OnlyAdmins(),
        by={**each_of((ADMIN, ADMIN_OUTSIDE), DOES), FOREIGN: SHOWS},
    ),
    Row(
        "action helped_me",
        "a solved question",
        click("helped_me", "solved"),
        DOES,
        GONE,
        {ASKER: SHOWS},  # they said so by their ✅
    ),
    Row("action helped_me", "an open question", click("helped_me", "open"), GONE),
    Row("action share_here", "a solved question", click("share_here", "solved"), DOES, GONE),
    Row(
        "action share_here",
        "a solved question, in the lobby",
        click("share_here", "solved", channel_id=LOBBY),
        errors.NotAllCanRead(),
        GONE,
    ),
    Row(
        "action share_here",
        "a solved question, in a channel they cannot read",
        click("share_here", "solved", channel_id="C0ELSEWHERE"),
        NOT_IN_CHANNEL,
        GONE,
    ),
    Row("action no_longer_works", "a solved one", click("no_longer_works", "solved"), DOES, GONE),
    Row(
        "action still_true",
        "a solved question",
        click("still_true", "solved"),
        errors.OnlyWhoKnowsMayConfirm(),
        GONE,
        each_of((EXPERT, ADMIN), DOES),
    ),
    Row(
        "action call_outdated",
        "a solved question",
        click("call_outdated", "solved"),
        errors.OnlyWhoKnowsMayConfirm(),
        GONE,
        each_of((EXPERT, ADMIN), DOES),
    ),
    Row(
        "action open_faq",
        "",
        at_home("open_faq"),
        ADMINS_ONLY,
        by=each_of((*ADMINS, FOREIGN), SHOWS),
    ),
    Row(
        "view faq_channel",
        "the board room",
        submit(
            "faq_channel",
            channel={"type": "static_select", "selected_option": {"value": SECRET}},
        ),
        ADMINS_ONLY,
        by={ADMIN: SHOWS, ADMIN_OUTSIDE: NOT_IN_CHANNEL, FOREIGN: SHOWS},
    ),
    Row(
        "view pick_faq",
        "of the board room",
        submit(
            "pick_faq",
            {"channel": SECRET},
            answers={
                "type": "multi_static_select",
                "selected_options": [{"value": "#solved"}],
            },
        ),
        ADMINS_ONLY,
        by={ADMIN: DOES, ADMIN_OUTSIDE: NOT_IN_CHANNEL, FOREIGN: NOTHING},
    ),
    Row(
        "action write_answer",
        "what nobody looked for",
        at_home("write_answer", "tariff"),
        errors.NothingIsMissing(),
    ),
    Row(
        "view written_answer",
        "what nobody looked for",
        submit(
            "written_answer",
            {"theme": "tariff"},
            question="How?",
            answer="So.",
            channel={"type": "static_select", "selected_option": {"value": SECRET}},
        ),
        errors.NothingIsMissing(),
    ),
    Row(
        "action draft_faq",
        "a solved question",
        click("draft_faq", "solved"),
        NO_SPONSOR,
        GONE,
        {EXPERT: SHOWS},
    ),
    Row(
        "view faq_entry",
        "a solved question",
        submit("faq_entry", {"question_id": "#solved"}, question="How?", answer="So."),
        NO_SPONSOR,
        GONE,
        {EXPERT: DOES},
    ),
]

MEMBER_SAID = f"<@{MEMBER}>"

RECOGNITION = [
    Row("command /kudos", "their own", command("/kudos"), SHOWS),
    Row("command /kudos", "the member's", command("/kudos", MEMBER_SAID), SHOWS),
    Row(
        "command /kudos",
        "thanks to the member",
        command("/kudos", f"{MEMBER_SAID} for the tea"),
        DOES,
        by={
            MEMBER: errors.CannotThankYourself(),
            FOREIGN: errors.SlackDoesNotSayOfThem(MEMBER),
        },
    ),
    Row(
        "command /kudos",
        "thanks to an app",
        command("/kudos", f"<@{BOT}> for the tea"),
        errors.CannotThankBots(),
        by={FOREIGN: errors.SlackDoesNotSayOfThem(BOT)},
    ),
    Row("command /kudos", "private", command("/kudos", "private on"), DOES, by={FOREIGN: SHOWS}),
    Row(
        "command /kudos",
        "export",
        command("/kudos", "export"),
        errors.NothingToExport(),
        by={MEMBER: DOES, LEFT: DOES},
    ),
    Row(
        "command /kudos",
        "the board room's topic's leaderboard",
        command("/kudos", f"top {TOPIC}"),
        SHOWS,
        NO_TOPIC,
        {FOREIGN: errors.LeaderboardIsOff()},
    ),
    Row("action tell_manager", "", click("tell_manager", "week"), SHOWS),
    Row(
        "view choose_manager",
        "their own help",
        submit("choose_manager", manager=person(OUTSIDER), period=one("week")),
        errors.NothingToTell(),
        by={
            MEMBER: SHOWS,
            LEFT: SHOWS,
            OUTSIDER: errors.CannotTellYourself(),
            FOREIGN: errors.SlackDoesNotSayOfThem(OUTSIDER),
        },
    ),
    Row(
        "view choose_manager",
        "a guest",
        submit("choose_manager", manager=person(GUEST), period=one("week")),
        errors.CannotTellThem(),
        by={
            GUEST: errors.CannotTellYourself(),
            FOREIGN: errors.SlackDoesNotSayOfThem(GUEST),
        },
    ),
    Row(
        "view write_to_manager",
        "their own help",
        submit(
            "write_to_manager",
            {"manager_id": OUTSIDER, "period": "week"},
            text="I helped.",
            questions=many("solved"),
        ),
        errors.NothingToTell(),
        by={
            MEMBER: DOES,
            LEFT: DOES,
            OUTSIDER: errors.CannotTellYourself(),
            FOREIGN: errors.SlackDoesNotSayOfThem(OUTSIDER),
        },
    ),
    Row(
        "view send_to_manager",
        "the member's",
        submit("send_to_manager", "draft"),
        NO_NOTE,
        by={MEMBER: DOES},
    ),
    Row(
        "action thank_for_help",
        "what the member told",
        click("thank_for_help", "note"),
        NO_NOTE,
        by={EXPERT: SHOWS},
    ),
    Row(
        "action thank_for_help",
        "what the member has not told yet",
        click("thank_for_help", "draft"),
        NO_NOTE,
    ),
    Row(
        "view thank",
        "what the member told",
        submit("thank", "note", reason="For the zebra."),
        NO_NOTE,
        by={EXPERT: DOES},
    ),
    *(
        Row(
            f"action say_saved_{said}",
            "that was asked of nobody",
            click(f"say_saved_{said}", "solved"),
            GONE,
        )
        for said in ("minutes", "hour", "day")
    ),
    Row("action your_people", "who told them", click("your_people"), SHOWS),
    Row("action suggest_monthly", "", click("suggest_monthly", "on"), DOES, by={FOREIGN: SHOWS}),
    Row(
        "action thank_from_digest",
        "the expert's digest",
        click("thank_from_digest", f"{SLOT}:fact"),
        NO_SPONSOR,
        by={EXPERT: SHOWS},
    ),
    Row(
        "view sponsor_thanks",
        "the expert's digest",
        submit("sponsor_thanks", {"slot": SLOT, "fact_id": "#fact"}, reason="So good."),
        NO_SPONSOR,
        by={EXPERT: DOES},
    ),
    Row("action no_more_digests", "their own", click("no_more_digests"), DOES, by={FOREIGN: SHOWS}),
    Row(
        "action preview_sponsor_digest",
        "the expert's digest",
        at_home("preview_sponsor_digest"),
        NO_SPONSOR,
        by={EXPERT: SHOWS},
    ),
    Row("action preview_own_digest", "", at_home("preview_own_digest"), SHOWS),
]

COMMUNITY = [
    Row("action health_definitions", "", at_home("health_definitions"), SHOWS),
    Row(
        "action health_by_topic",
        "",
        at_home("health_by_topic"),
        MAY_SEE_HEALTH,
        by=each_of((EXPERT, *ADMINS, FOREIGN), SHOWS),
        may_name=(ADMIN_OUTSIDE,),  # admins run every topic
    ),
    Row(
        "action health_details",
        "the whole",
        at_home("health_details", "whole"),
        MAY_SEE_HEALTH,
        by=each_of((*ADMINS, FOREIGN), errors.NotCountedYet()),
    ),
    Row(
        "action health_details",
        "the board room's topic",
        at_home("health_details", "topic"),
        MAY_SEE_HEALTH,
        by=each_of((EXPERT, *ADMINS), errors.NotCountedYet()),
    ),
    Row(
        "action health_export",
        "the whole",
        at_home("health_export", "whole"),
        MAY_SEE_HEALTH,
        by=each_of((*ADMINS, FOREIGN), errors.NotCountedYet()),
    ),
    Row(
        "action health_export",
        "the board room's topic",
        at_home("health_export", "topic"),
        MAY_SEE_HEALTH,
        by=each_of((EXPERT, *ADMINS), errors.NotCountedYet()),
    ),
    Row(
        "action health_monthly",
        "",
        at_home("health_monthly", "on"),
        MAY_SEE_HEALTH,
        by={**each_of((EXPERT, *ADMINS), DOES), FOREIGN: NOTHING},
    ),
    *(
        Row(
            f"action {action_id}",
            "",
            at_home(action_id),
            errors.OnlyGapReaders(),
            by=each_of((*ADMINS, FOREIGN), SHOWS),
        )
        for action_id in ("gaps_open", "after_training")
    ),
    *(
        Row(
            f"action {action_id}",
            "",
            at_home(action_id, "on"),
            errors.OnlyGapReaders(),
            by={**each_of(ADMINS, DOES), FOREIGN: SHOWS},
        )
        for action_id in ("gaps_csv", "gaps_monthly")
    ),
    Row(
        "action gap_taught",
        "a theme of nobody",
        at_home("gap_taught", "tariff"),
        errors.OnlyGapReaders(),
        by=each_of((*ADMINS, FOREIGN), errors.ThemeIsGone()),
    ),
    Row(
        "action gaps_readers",
        "",
        at_home("gaps_readers"),
        ADMINS_ONLY,
        by=each_of((*ADMINS, FOREIGN), SHOWS),
    ),
    Row(
        "view mark_gap_taught",
        "a theme of nobody",
        submit(
            "mark_gap_taught",
            {"key": "tariff"},
            taught_on={"type": "datepicker", "selected_date": "2026-01-05"},
        ),
        errors.OnlyGapReaders(),
        by=each_of((*ADMINS, FOREIGN), errors.ThemeIsGone()),
    ),
    Row(
        "view look_after_training",
        "of the board room",
        submit(
            "look_after_training",
            channel={"type": "conversations_select", "selected_conversation": SECRET},
            taught_on={"type": "datepicker", "selected_date": "2026-01-05"},
        ),
        errors.OnlyGapReaders(),
        by={ADMIN: SHOWS, ADMIN_OUTSIDE: NOT_IN_CHANNEL, FOREIGN: SHOWS},
    ),
    Row(
        "view name_gap_readers",
        "",
        submit(
            "name_gap_readers",
            readers={"type": "multi_users_select", "selected_users": [MEMBER]},
        ),
        ADMINS_ONLY,
        by={**each_of(ADMINS, DOES), FOREIGN: NOTHING},
    ),
    Row(
        "action open_history",
        "",
        at_home("open_history"),
        ADMINS_ONLY,
        by=each_of((*ADMINS, FOREIGN), SHOWS),
    ),
    *(
        Row(
            f"action {action_id}",
            "an import of nobody",
            at_home(action_id, "77"),
            ADMINS_ONLY,
            by=each_of((*ADMINS, FOREIGN), errors.ImportGone()),
        )
        for action_id in ("stop_import", "go_on_import", "undo_import")
    ),
    *(
        Row(
            f"action {action_id}",
            "a solved question",
            click(action_id, "solved"),
            errors.OnlyWhoKnowsMayConfirm(),
            GONE,
            each_of((EXPERT, ADMIN), errors.AlreadyTold()),
        )
        for action_id in ("was_answer", "no_answer", "other_answer")
    ),
    *(
        Row(
            f"action {action_id}",
            "one from before the bot came",
            click(action_id, "archived"),
            errors.OnlyWhoKnowsMayConfirm(),
            GONE,
            each_of((MEMBER, EXPERT, ADMIN), comes),
        )
        for action_id, comes in (
            ("was_answer", DOES),
            ("no_answer", DOES),
            ("other_answer", SHOWS),
        )
    ),
    Row(
        "view choose_other_answer",
        "one from before the bot came",
        submit("choose_other_answer", "archived", reply=one("other_reply")),
        errors.OnlyWhoKnowsMayConfirm(),
        GONE,
        each_of((MEMBER, EXPERT, ADMIN), DOES),
    ),
    Row("action stop_checks", "", click("stop_checks"), DOES, by={FOREIGN: NOTHING}),
    Row("action start_checks", "", click("start_checks"), DOES, by={FOREIGN: NOTHING}),
    Row(
        "view choose_history",
        "of the board room",
        submit("choose_history", channels=many(SECRET), months=one("3")),
        ADMINS_ONLY,
        by={ADMIN: SHOWS, ADMIN_OUTSIDE: NOT_IN_CHANNEL, FOREIGN: SHOWS},
    ),
    Row(
        "view start_history",
        "of the board room",
        submit("start_history", {"channels": [SECRET], "months": 3, "in_all": 9}),
        ADMINS_ONLY,
        by={ADMIN: DOES, ADMIN_OUTSIDE: NOT_IN_CHANNEL, FOREIGN: NOTHING},
    ),
    Row(
        "action try_undelivered_again",
        "",
        at_home("try_undelivered_again", "all"),
        ADMINS_ONLY,
        by={**each_of(ADMINS, DOES), FOREIGN: NOTHING},
    ),
    Row("command /askaround", "help", command("/askaround"), SHOWS),
    Row(
        "command /askaround",
        "channel off",
        command("/askaround", "channel off"),
        ADMINS_ONLY,
        by={ADMIN: DOES, ADMIN_OUTSIDE: NOT_IN_CHANNEL, FOREIGN: SHOWS},
    ),
    Row(
        "command /askaround",
        "how much of the board room is heard",
        command("/askaround", "channel"),
        SHOWS,
        NOT_IN_CHANNEL,
        {FOREIGN: SHOWS},
    ),
    *(
        Row(
            "command /askaround",
            f"channel {what}",
            command("/askaround", f"channel {what}"),
            ADMINS_ONLY,
            by={ADMIN: DOES, ADMIN_OUTSIDE: NOT_IN_CHANNEL, FOREIGN: SHOWS},
        )
        for what in ("everything", "called", "form Pallet request")
    ),
    Row(
        "command /askaround",
        "channel on, where the bot is not",
        command("/askaround", "channel on", channel_id="C0NOWHERE"),
        ADMINS_ONLY,
        by=each_of((*ADMINS, FOREIGN), NOT_IN_CHANNEL),
    ),
    Row(
        "command /askaround",
        "the board room's topic",
        command("/askaround", f"topic {TOPIC}"),
        ADMINS_ONLY,
        by=each_of((*ADMINS, FOREIGN), SHOWS),
        may_name=(ADMIN_OUTSIDE, FOREIGN),  # admins run every topic; the other's is a new one
    ),
    *(
        Row(
            "command /askaround",
            f"topic {what}",
            command("/askaround", f"topic {what}"),
            ADMINS_ONLY,
            by={**each_of(ADMINS, DOES), FOREIGN: errors.UnknownTopic(TOPIC)},
            may_name=(ADMIN_OUTSIDE, FOREIGN),
        )
        for what in (f"rename {TOPIC} to Eagle", f"merge {TOPIC} into Printing", f"delete {TOPIC}")
    ),
    Row(
        "command /askaround",
        "digest",
        command("/askaround", "digest"),
        SHOWS,
    ),
    *(
        Row(
            "command /askaround",
            f"digest {what}",
            command("/askaround", f"digest {what}"),
            ADMINS_ONLY,
            by={**each_of(ADMINS, DOES), FOREIGN: SHOWS},
        )
        for what in ("pause", "skip", "friday 9:00")
    ),
    Row(
        "command /askaround",
        "digest preview",
        command("/askaround", "digest preview"),
        ADMINS_ONLY,
        by={ADMIN: SHOWS, ADMIN_OUTSIDE: errors.NoDigestHere(), FOREIGN: SHOWS},
    ),
    Row(
        "command /askaround",
        "digest sponsors",
        command("/askaround", "digest sponsors"),
        ADMINS_ONLY,
        by=each_of((*ADMINS, FOREIGN), SHOWS),
        may_name=(ADMIN_OUTSIDE,),
    ),
    Row(
        "command /askaround",
        "leaderboard off",
        command("/askaround", "leaderboard off"),
        ADMINS_ONLY,
        by={**each_of(ADMINS, DOES), FOREIGN: SHOWS},
    ),
    Row(
        "command /askaround",
        "health",
        command("/askaround", "health"),
        MAY_SEE_HEALTH,
        by=each_of((EXPERT, *ADMINS, FOREIGN), SHOWS),
    ),
    Row(
        "command /askaround",
        "kudos of the member",
        command("/askaround", f"kudos {MEMBER_SAID}"),
        ADMINS_ONLY,
        by=each_of((*ADMINS, FOREIGN), SHOWS),
    ),
]

FOREIGN_SHOWN = {FOREIGN: SHOWS}  # what they change is of another workspace
FOR_ADMINS = {**each_of(ADMINS, SHOWS), FOREIGN: SHOWS}
IN_LIST = json.dumps({"which": "topics", "number": 0, "query": ""})
IN_JOIN = json.dumps({"which": "join", "number": 0, "query": ""})


def in_window(action_id: str, metadata: str, value: object = "1") -> Callable[[Ids], Body]:
    """A button of a window that is closed by now, as of App Home."""

    def body(ids: Ids) -> Body:
        clicked = at_home(action_id, value)(ids)
        view = {"id": "V1", "type": "home", "private_metadata": named(ids, metadata)}
        return {**clicked, "view": {**view, "state": {"values": {}}}}

    return body


def topic_window(action_id: str) -> Callable[[Ids], Body]:
    def body(ids: Ids) -> Body:
        about = {"topic_id": ids.topic, "channel_id": SECRET}
        return in_window(action_id, json.dumps({**about, "seen": ""}))(ids)

    return body


SETTINGS = [
    Row("action open_settings", "", at_home("open_settings"), ADMINS_ONLY, by=FOR_ADMINS),
    Row(
        "action sponsors_digests",
        "",
        at_home("sponsors_digests"),
        ADMINS_ONLY,
        by=FOR_ADMINS,
        may_name=(ADMIN_OUTSIDE,),
    ),
    *(
        Row(
            "action change_setting",
            what,
            at_home("change_setting", what),
            ADMINS_ONLY,
            by=FOR_ADMINS,
        )
        for what in ("digest", "marks", "leaderboard", "consent")
    ),
    Row(
        "action change_setting",
        "the board room",
        at_home("change_setting", f"channel:{SECRET}"),
        ADMINS_ONLY,
        by={ADMIN: SHOWS, ADMIN_OUTSIDE: NOT_IN_CHANNEL, FOREIGN: SHOWS},
    ),
    *(
        Row("action change_setting", what, at_home("change_setting", what), SHOWS)
        for what in ("notes", "my_digest")
    ),
    Row(
        "action change_setting",
        "the expert's digest",
        at_home("change_setting", "sponsor_digest"),
        NO_SPONSOR,
        by={EXPERT: SHOWS},
    ),
    *(
        Row(
            "view setting",
            what,
            submit(
                "setting",
                setting_of(what),
                comes=one("off"),
                day=one("friday"),
                at="10:00",
                skips=many(),
            ),
            otherwise,
            by=by,
        )
        for what, otherwise, by in (
            ("my_digest", DOES, {FOREIGN: SHOWS}),
            ("sponsor_digest", NO_SPONSOR, {EXPERT: DOES}),
        )
    ),
    Row(
        "view setting",
        "the leaderboard",
        submit("setting", setting_of("leaderboard"), is_on=one("off")),
        ADMINS_ONLY,
        by={**each_of(ADMINS, DOES), FOREIGN: SHOWS},
    ),
    Row(
        "view setting",
        "the board room",
        submit(
            "setting",
            setting_of("channel", SECRET),
            is_help=one("off"),
            mode=one("asking"),
            forms="",
        ),
        ADMINS_ONLY,
        by={ADMIN: DOES, ADMIN_OUTSIDE: NOT_IN_CHANNEL, FOREIGN: SHOWS},
    ),
    Row(
        "view setting",
        "what they get",
        submit(
            "setting", setting_of("notes"), digests=one("off"), named=one("on"), reminders=many()
        ),
        DOES,
        by={FOREIGN: SHOWS},
    ),
    Row(
        "action undo_change",
        "that never was",
        at_home("undo_change", "7"),
        errors.CannotBeUndone(),
    ),
    *(
        Row(
            f"action {action}",
            "",
            at_home(action),
            ADMINS_ONLY,
            by=FOR_ADMINS,
            may_name=(ADMIN_OUTSIDE,),
        )
        for action in ("open_topics", "open_channels")
    ),
    Row("action open_join", "", at_home("open_join"), SHOWS, may_name=(LEFT,)),
    Row("action show_questions", "", at_home("show_questions", "waiting"), SHOWS),
    *(
        Row(
            f"action {action}",
            "topics",
            in_window(action, IN_LIST),
            ADMINS_ONLY,
            by=FOR_ADMINS,
            may_name=(ADMIN_OUTSIDE,),
        )
        for action in ("page_back", "page_on")
    ),
    Row(
        "view search_list",
        "topics",
        submit("search_list", IN_LIST, query="e"),
        ADMINS_ONLY,
        by=FOR_ADMINS,
        may_name=(ADMIN_OUTSIDE,),
    ),
    Row(
        "action change_topic",
        "the board room's",
        at_home("change_topic", "topic"),
        ADMINS_ONLY,
        by={**each_of(ADMINS, SHOWS), FOREIGN: errors.TopicIsGone()},
        may_name=(ADMIN_OUTSIDE,),
    ),
    *(
        Row(
            f"action {action}",
            "the board room's",
            topic_window(action),
            ADMINS_ONLY,
            by={**each_of(ADMINS, SHOWS), FOREIGN: errors.TopicIsGone()},
            may_name=(ADMIN_OUTSIDE,),
        )
        for action in ("unfold_topic", "choose_pace")
    ),
    Row(
        "action join_topic",
        "the board room's",
        in_window("join_topic", IN_JOIN, "topic"),
        SHOWS,
        errors.TopicIsGone(),
        {
            **each_of((ASKER, MEMBER, ADMIN), DOES),
            **each_of((EXTERNAL, GUEST_OUTSIDE), MEMBERS_ONLY),
            LEFT: SHOWS,
        },
        may_name=(LEFT,),
    ),
    Row(
        "action leave_topic",
        "the board room's",
        in_window("leave_topic", IN_JOIN, "topic"),
        SHOWS,
        by=each_of((EXPERT, GUEST, LEFT), DOES),
        may_name=(LEFT,),
    ),
    Row("action new_topic", "", at_home("new_topic"), ADMINS_ONLY, by=FOR_ADMINS),
    Row(
        "action add_experts",
        "the board room's topic",
        at_home("add_experts", "topic"),
        ADMINS_ONLY,
        by={**each_of(ADMINS, SHOWS), FOREIGN: errors.TopicIsGone()},
        may_name=(ADMIN_OUTSIDE,),
    ),
    Row("action check_installation", "", at_home("check_installation"), ADMINS_ONLY, by=FOR_ADMINS),
    Row("action try_out", "", at_home("try_out"), ADMINS_ONLY, by=FOR_ADMINS),
    Row(
        "action unfold_set_up",
        "the board room",
        at_home("unfold_set_up", SECRET),
        ADMINS_ONLY,
        by={ADMIN: SHOWS, ADMIN_OUTSIDE: NOT_IN_CHANNEL, FOREIGN: SHOWS},
    ),
    Row("action choose_channel", "", at_home("choose_channel"), ADMINS_ONLY, by=FOR_ADMINS),
    Row(
        "action make_help_channel",
        "the board room",
        click("make_help_channel", SECRET),
        ADMINS_ONLY,
        by={ADMIN: SHOWS, ADMIN_OUTSIDE: NOT_IN_CHANNEL, FOREIGN: SHOWS},
    ),
    Row(
        "view chosen_channel",
        "the board room",
        submit(
            "chosen_channel",
            channel={"type": "conversations_select", "selected_conversation": SECRET},
        ),
        ADMINS_ONLY,
        by={ADMIN: SHOWS, ADMIN_OUTSIDE: errors.InviteMeFirst(), FOREIGN: SHOWS},
    ),
    Row(
        "view set_up_channel",
        "the board room",
        submit("set_up_channel", SECRET, name="Eagle", people=people()),
        ADMINS_ONLY,
        by={ADMIN: DOES, ADMIN_OUTSIDE: NOT_IN_CHANNEL, FOREIGN: SHOWS},
    ),
    Row(
        "view announce",
        "the board room",
        submit("announce", SECRET),
        ADMINS_ONLY,
        by={ADMIN: DOES, ADMIN_OUTSIDE: NOT_IN_CHANNEL, FOREIGN: SHOWS},
    ),
]
TOKEN_GONE = errors.TokenIsGone()
PROGRAMS = [
    Row("action open_tokens", "", at_home("open_tokens"), SHOWS),
    Row("action make_token", "", at_home("make_token"), SHOWS),
    Row(
        "view token",
        "for a week",
        submit("token", name="Search", scopes=many("find"), days=one("7")),
        DOES,
        by=FOREIGN_SHOWN,
    ),
    Row(
        "action end_token",
        "the expert's",
        at_home("end_token", "mine:token"),
        TOKEN_GONE,
        by=each_of((EXPERT, *ADMINS), DOES),
    ),
    Row(
        "action end_token",
        "the expert's, in everybody's list",
        at_home("end_token", "everybodys:token"),
        TOKEN_GONE,
        by={**each_of(ADMINS, DOES), EXPERT: ADMINS_ONLY},
    ),
    Row(
        "action all_tokens",
        "",
        at_home("all_tokens"),
        ADMINS_ONLY,
        by=each_of((*ADMINS, FOREIGN), SHOWS),
    ),
]
WEBHOOKS = [
    *(
        Row(
            f"action {each}",
            "",
            at_home(each),
            ADMINS_ONLY,
            by=each_of((*ADMINS, FOREIGN), SHOWS),
        )
        for each in ("open_webhooks", "add_webhook")
    ),
    Row(
        "view webhook",
        "outside",
        submit("webhook", hand_off_url="https://example.com/hook", kinds=many("question.solved")),
        ADMINS_ONLY,
        by={**each_of(ADMINS, DOES), FOREIGN: SHOWS},
    ),
    *(
        Row(heard, "of this workspace", press, ADMINS_ONLY, by={**each_of(ADMINS, does), **theirs})
        for heard, press, does, theirs in (
            (
                "action remove_webhook",
                at_home("remove_webhook", "webhook"),
                DOES,
                {FOREIGN: errors.WebhookIsGone()},
            ),
            (
                "action webhook_calls",
                at_home("webhook_calls", "webhook"),
                SHOWS,
                {FOREIGN: errors.WebhookIsGone()},
            ),
            (
                "action webhook_again",
                at_home("webhook_again", "call"),
                DOES,
                {FOREIGN: errors.CallIsGone()},
            ),
        )
    ),
]
MY_DATA = [
    Row("command /askaround", "me", command("/askaround", "me"), SHOWS),
    *(Row(f"action {each}", "", at_home(each), SHOWS) for each in ("my_data", "erase_me")),
    Row("action stay_out", "", at_home("stay_out"), SHOWS),
    Row("action my_data_take", "", on_modal("my_data_take"), DOES, by=FOREIGN_SHOWN),
    Row(
        "view staying_out",
        "everywhere",
        submit("staying_out", everywhere=many("all")),
        DOES,
        by=FOREIGN_SHOWN,
    ),
    Row("view erase_me", "", submit("erase_me", words=one("keep")), DOES, by=FOREIGN_SHOWN),
    *(
        Row(f"action {each}", "", at_home(each), ADMINS_ONLY, by=each_of((*ADMINS, FOREIGN), SHOWS))
        for each in ("retention", "erase_other")
    ),
    Row(
        "action audit",
        "",
        at_home("audit"),
        ADMINS_ONLY,
        by=each_of((*ADMINS, FOREIGN), SHOWS),
        may_name=(ADMIN_OUTSIDE,),  # admins run every topic
    ),
    Row(
        "action audit_older",
        "",
        on_modal("audit_older", "2:1"),
        ADMINS_ONLY,
        by=each_of((*ADMINS, FOREIGN), SHOWS),
    ),
    Row(
        "action audit_csv",
        "",
        on_modal("audit_csv"),
        ADMINS_ONLY,
        by={**each_of(ADMINS, DOES), FOREIGN: SHOWS},
    ),
    Row(
        "view erase_other",
        "a closed account",
        submit("erase_other", person=person(CLOSED), words=one("erase"), reason="Left."),
        ADMINS_ONLY,
        by={**each_of(ADMINS, SHOWS), FOREIGN: errors.NobodyToErase()},
    ),
    Row(
        "view erase_other",
        "somebody who is here",
        submit("erase_other", person=person(MEMBER), words=one("erase"), reason="Left."),
        ADMINS_ONLY,
        by={**each_of(ADMINS, errors.OnlyWhoLeft(MEMBER)), FOREIGN: errors.NobodyToErase()},
    ),
    Row(
        "view erase_other_sure",
        "a closed account",
        submit("erase_other_sure", {"person": CLOSED, "keeps_words": False, "reason": "Left."}),
        ADMINS_ONLY,
        by={**each_of(ADMINS, DOES), FOREIGN: errors.NobodyToErase()},
    ),
    *(
        Row(heard, "of another", press, errors.OnlyAskerMaySayMore(), errors.QuestionIsGone())
        for heard, press in (
            ("action nameless_say", click("nameless_say", "open")),
            ("view nameless_say", submit("nameless_say", "open", words="More.")),
        )
    ),
    Row(
        "action nameless_look",
        "",
        at_home("nameless_look"),
        ADMINS_ONLY,
        by=each_of((*ADMINS, FOREIGN), SHOWS),
    ),
    Row(
        "view nameless_look",
        "what was asked with a name",
        submit("nameless_look", question=one("open"), how=one("look"), reason="To see."),
        ADMINS_ONLY,
        by=each_of((*ADMINS, FOREIGN), errors.QuestionIsGone()),
    ),
    Row(
        "command /askaround",
        "channel nameless on",
        command("/askaround", "channel nameless on"),
        ADMINS_ONLY,
        by={ADMIN: errors.NoVault(), ADMIN_OUTSIDE: NOT_IN_CHANNEL, FOREIGN: errors.NoVault()},
    ),
    Row(
        "view retention",
        "of all channels",
        submit("retention", kind=one("all"), channel=one("all"), months="12"),
        ADMINS_ONLY,
        by=each_of((*ADMINS, FOREIGN), SHOWS),
    ),
    Row(
        "view retention_sure",
        "of the board room",
        submit("retention_sure", {"channel": SECRET, "kind": "all", "months": 12}),
        ADMINS_ONLY,
        by={ADMIN: DOES, ADMIN_OUTSIDE: NOT_IN_CHANNEL, FOREIGN: SHOWS},
    ),
]

TABLE: tuple[Row, ...] = (
    *SETTINGS,
    *CARDS,
    *MARKS,
    *ENDS,
    *ASKING,
    *EXPERTS,
    *FINDING,
    *RECOGNITION,
    *COMMUNITY,
    *PROGRAMS,
    *WEBHOOKS,
    *MY_DATA,
)
