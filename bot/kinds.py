"""What can be owed to Slack: each kind of thing, and what one of them is about."""

from datetime import date
from typing import NamedTuple

from storage.outbox import Kind


class MessageAt(NamedTuple):
    channel_id: str
    message_ts: str


class QuestionAndPerson(NamedTuple):
    question_id: int
    user_id: str


class MessageAndPerson(NamedTuple):
    channel_id: str
    message_ts: str
    user_id: str


class ChannelAndPerson(NamedTuple):
    channel_id: str
    user_id: str


class TopicAndPerson(NamedTuple):
    topic_id: int
    user_id: str


class Shared(NamedTuple):
    channel_id: str
    question_id: int
    sharer_id: str


class SharedAt(NamedTuple):
    channel_id: str
    question_id: int
    message_ts: str


class Slot(NamedTuple):
    """One digest: whom or which channel it is for, and which week or month."""

    subject: str
    slot: str


class WeekOfTalk(NamedTuple):
    channel_id: str
    monday: str  # its date


class MoreOfDigest(NamedTuple):
    channel_id: str
    slot: str
    number: int  # counted from the first in the digest's thread


class ExportSpan(NamedTuple):
    user_id: str
    since: int  # seconds since 1970
    until: int


class TableFor(NamedTuple):
    user_id: str
    subject: str  # a topic's number; "whole" for the workspace


# About a question, by its id.
QUESTION_CARD = Kind("question_card", int)
QUESTION_MARKER = Kind("question_marker", int)
QUESTION_POST = Kind("question_post", int)
REPLY_MARKER = Kind("reply_marker", int)  # about an answer, by its id
READ_THREAD = Kind("read_thread", int)
SUGGESTION = Kind("suggestion", int)
NEWCOMER = Kind("newcomer", int)
SAVED_TIME = Kind("saved_time", int)
THIN_HINT = Kind("thin_hint", int)
CLOSE_OFFER = Kind("close_offer", int)
OPEN_OFFER = Kind("open_offer", int)
SAME_ELSEWHERE = Kind("same_elsewhere", int)
MARK_HINT = Kind("mark_hint", int)
MARK_NUDGE = Kind("mark_nudge", int)
MERGED_NOTE = Kind("merged_note", int)
UNANSWERED_NOTE = Kind("unanswered_note", int)
UNTAKEN_NOTE = Kind("untaken_note", int)
JUDGED_NOTE = Kind("judged_note", int)
HAND_OFF = Kind("hand_off", int)
HAND_OFF_CALL = Kind("hand_off_call", int)
HAND_OFF_LOST = Kind("hand_off_lost", int)
QUESTION_NEWS = Kind("question_news", int)  # for webhooks
GAP_NEWS = Kind("gap_news", str)  # for webhooks too; by the workspace
FAQ = Kind("faq", int)
FAQ_GONE = Kind("faq_gone", int)
FAQ_POST = Kind("faq_post", str)  # a channel's, by its id
WRITTEN_REPLY = Kind("written_reply", int)

# About a question and a person.
CLAIM_NUDGE = Kind("claim_nudge", QuestionAndPerson)
RELEASED_NOTE = Kind("released_note", QuestionAndPerson)
SOLVED_NOTE = Kind("solved_note", QuestionAndPerson)
NEWCOMER_NOTE = Kind("newcomer_note", QuestionAndPerson)
READ_STRANGER = Kind("read_stranger", QuestionAndPerson)

# About a message that may be a question, and one that we have not heard.
UNSURE_LINE = Kind("unsure_line", MessageAt)
READ_QUESTION = Kind("read_question", MessageAt)
READ_ANSWER = Kind("read_answer", MessageAt)
QUOTE_GONE = Kind("quote_gone", MessageAt)  # a message of ours quotes what is no more
EARLY_CHANGE = Kind("early_change", MessageAt)  # told of before the message itself

CHOOSE_QUESTION = Kind("choose_question", MessageAndPerson)  # which one the message answers

# About what was said while the bot was away: a channel's, and a thread's by its first message.
CATCH_UP = Kind("catch_up", str)
CATCH_UP_THREAD = Kind("catch_up_thread", MessageAt)

HISTORY = Kind("history", int)  # the next look at what was said before, by its import

# About a person, a user group or a channel, by its id in Slack.
HOME = Kind("home", str)
OFFER_NOTE = Kind("offer_note", str)
REVIEW_NOTE = Kind("review_note", str)
WORKED_NOTE = Kind("worked_note", str)
READ_PERSON = Kind("read_person", str)
READ_GROUP = Kind("read_group", str)
READ_PEOPLE = Kind("read_people", int)  # a page of all who are in the workspace
READ_CHANNEL = Kind("read_channel", str)
READ_CALENDAR = Kind("read_calendar", str)
CALENDAR_NOTE = Kind("calendar_note", str)
READ_QUIET = Kind("read_quiet", str)  # a look at several people, named after the first
READ_ACTIVE = Kind("read_active", str)

# What is kept of people, for themselves; the audit, for an admin. By who gets it.
AUDIT_FILE = Kind("audit_file", str)
MY_DATA_FILES = Kind("my_data_files", str)
ERASED_NOTE = Kind("erased_note", str)
KEPT_NOTICE = Kind("kept_notice", MessageAndPerson)  # the first time something is kept of them
STAYED_OUT_NOTE = Kind("stayed_out_note", int)  # to the asker: a reply is not kept
# To who asked without a name, and from them. Those by a str are about what their payload says.
WEBHOOK_CALL = Kind("webhook_call", int)  # about what it is to be told, by its id
NAMELESS_NOTE = Kind("nameless_note", int)
NAMELESS_REPLY = Kind("nameless_reply", MessageAt)
NAMELESS_WORD = Kind("nameless_word", str)
NAMELESS_LOOKED = Kind("nameless_looked", str)
TAKE_BACK = Kind("take_back", MessageAt)  # a message of ours

# What a language model is asked for: below what somebody found, in the conversation with the bot.
# And a reply made from one. Those by a str are about what their payload says.
GIST = Kind("gist", str)
GIST_REPLY = Kind("gist_reply", str)
PANE_ANSWER = Kind("pane_answer", MessageAt)
DRAFT = Kind("draft", int)  # the card that asks somebody about what their assistant wrote

TOPIC_NOTE = Kind("topic_note", TopicAndPerson)  # it was merged or deleted
# Setting it up: for who invited the bot into a channel, for its members, for an admin.
SET_UP_CARD = Kind("set_up_card", ChannelAndPerson)
ANNOUNCEMENT = Kind("announcement", str)
WELCOME = Kind("welcome", str)
CHANNELS_READ = Kind("channels_read", str)  # of a workspace that it was installed in

INVITATION = Kind("invitation", TopicAndPerson)
PROPOSAL_NOTE = Kind("proposal_note", TopicAndPerson)
SHARE = Kind("share", Shared)
SHARED_POST = Kind("shared_post", SharedAt)

# A question that comes with its answer, by what it closes.
WRITTEN_QUESTION = Kind("written_question", str)

# Recognition. What `thanks`, `sponsor_thanks` and `manager_note` are about is a row of theirs.
THANKS = Kind("thanks", int)
SPONSOR_THANKS = Kind("sponsor_thanks", int)
MANAGER_NOTE = Kind("manager_note", int)
EXPORT = Kind("export_file", ExportSpan)
CHANNEL_DIGEST = Kind("weekly_digest", Slot)
MORE_OF_DIGEST = Kind("more_of_digest", MoreOfDigest)
SPONSOR_DIGEST = Kind("sponsor_digest", Slot)
PERSONAL_DIGEST = Kind("personal_digest", Slot)
HEALTH_DIGEST = Kind("health_digest", Slot)
GAPS_DIGEST = Kind("gaps_digest", Slot)
SUGGESTED_THANKS = Kind("suggested_thanks", Slot)
HEALTH_TABLE = Kind("health_table", TableFor)
GAPS_TABLE = Kind("gaps_table", str)
HEALTH_READING = Kind("health_reading", date)
TALK = Kind("talk", WeekOfTalk)
