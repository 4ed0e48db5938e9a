"""The tables of what is asked, answered, solved and credited."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Double, ForeignKey, Index, String, UniqueConstraint, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, Id, SlackId, Ts


class Question(Base):
    __tablename__ = "questions"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    channel_id: Mapped[str] = mapped_column(SlackId)
    message_ts: Mapped[str | None] = mapped_column(Ts)  # None until the bot has posted an /ask
    thread_ts: Mapped[str | None] = mapped_column(Ts)
    asker_id: Mapped[str] = mapped_column(SlackId)
    text: Mapped[str]  # all its parts, joined
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id", ondelete="SET NULL"))
    has_files: Mapped[bool] = mapped_column(default=False)  # to look for them only then
    is_asked_by_command: Mapped[bool] = mapped_column(default=False)
    assistant: Mapped[str | None]  # what its asker calls the program that wrote it for them
    asked_at: Mapped[datetime]
    caught_up_at: Mapped[datetime | None]  # when the bot, having been away, came to it
    interrupted_ts: Mapped[str | None] = mapped_column(Ts)  # the first word of somebody else
    claimed_by: Mapped[str | None] = mapped_column(SlackId)
    claimed_at: Mapped[datetime | None]
    stage: Mapped[str] = mapped_column(String(10), default="few")  # how far the asking went
    routed_at: Mapped[datetime | None]  # since when people are asked
    step_at: Mapped[datetime | None]  # when the bot does the next thing about it
    next_step: Mapped[str | None] = mapped_column(String(10))  # what people see coming, and when
    next_at: Mapped[datetime | None]
    handed_off_at: Mapped[datetime | None]
    hand_off_ts: Mapped[str | None] = mapped_column(Ts)  # the message in the helpdesk's channel
    hand_off_called_at: Mapped[datetime | None]  # since when an outside helpdesk is to hear of it
    hand_off_failed_at: Mapped[datetime | None]  # it could not be reached, and we gave up
    hand_off_told: Mapped[str | None] = mapped_column(String(60))  # how things stood, as it heard
    hand_off_reference: Mapped[str | None]  # what it calls the question, and where it is there
    hand_off_link: Mapped[str | None]
    stuck_at: Mapped[datetime | None]  # what was answered until then did not help the asker
    answered_back_at: Mapped[datetime | None]  # the asker answered what they were asked back
    rested_at: Mapped[datetime | None]  # since when nobody is left to ask
    over_at: Mapped[datetime | None]  # its asker says that nobody need answer it any more
    closed_at: Mapped[datetime | None]
    closed_why: Mapped[str | None] = mapped_column(String(10))  # see `bot/experts/closing`
    reopened_at: Mapped[datetime | None]  # what was marked until then solves it no more
    solved_at: Mapped[datetime | None]
    vouched_at: Mapped[datetime | None]  # somebody's ✅ on their own reply, which waits for a day
    solved_elsewhere_at: Mapped[datetime | None]  # its asker says so; no reply did it
    withdrawn_at: Mapped[datetime | None]
    reused_id: Mapped[int | None] = mapped_column(  # the earlier question that answered it
        ForeignKey("questions.id", ondelete="SET NULL")
    )
    reused_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(  # the same question, asked elsewhere too
        ForeignKey("questions.id", ondelete="SET NULL")
    )
    merged_at: Mapped[datetime | None]
    merged_by: Mapped[str | None] = mapped_column(SlackId)
    split_ts: Mapped[str | None] = mapped_column(Ts)  # the reply that became this question
    review_at: Mapped[datetime | None]  # when to ask whether the solution is still true
    doubted_at: Mapped[datetime | None]  # somebody says that it no longer works
    doubted_by: Mapped[str | None] = mapped_column(SlackId)
    outdated_at: Mapped[datetime | None]  # who knows says so too
    confirmed_at: Mapped[datetime | None]
    card_ts: Mapped[str | None] = mapped_column(Ts)
    marker: Mapped[str | None] = mapped_column(String(40))  # the bot's reaction on the message
    import_id: Mapped[int | None] = mapped_column(Id)  # asked before we were here: see `archived`
    __table_args__ = (
        UniqueConstraint("team_id", "channel_id", "thread_ts"),
        Index("ix_questions_asked", "team_id", "channel_id", "asked_at"),
        Index("ix_questions_asker", "team_id", "asker_id", "id"),
        Index("ix_questions_solved", "team_id", "solved_at"),
        Index("ix_questions_review", "review_at"),
        Index("ix_questions_merged", "merged_into_id"),
        Index("ix_questions_reused", "reused_id"),
        Index("ix_questions_step", "step_at"),
        Index("ix_questions_vouched", "vouched_at"),
        Index("ix_questions_topic", "team_id", "topic_id", "asked_at"),
        Index("ix_questions_import", "import_id"),
    )


IS_CALLED_STALE = or_(Question.outdated_at.is_not(None), Question.doubted_at.is_not(None))
Index(
    "ix_questions_stale",
    Question.team_id,
    sqlite_where=IS_CALLED_STALE,
    postgresql_where=IS_CALLED_STALE,
)


class QuestionPart(Base):
    """A message that belongs to a question: the first one or a follow-up."""

    __tablename__ = "question_parts"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    message_ts: Mapped[str] = mapped_column(Ts, primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    text: Mapped[str]
    said_at: Mapped[datetime]  # when this wording was written: a late older one changes nothing
    edited_to: Mapped[str | None]  # what it says now, where that took the question back
    client_msg_id: Mapped[str | None] = mapped_column(String(64))  # of the act of sending it
    __table_args__ = (
        Index("ix_question_parts_question", "question_id"),
        Index("ix_question_parts_act", "team_id", "channel_id", "client_msg_id", unique=True),
    )


class UnsureMessage(Base):
    """A message in a channel of which we did not know whether it asks something, or that only
    comes before a question; and what its author said of that. None of its words are here."""

    __tablename__ = "unsure_messages"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    message_ts: Mapped[str] = mapped_column(Ts, primary_key=True)
    author_id: Mapped[str] = mapped_column(SlackId)
    kind: Mapped[str] = mapped_column(String(10))  # see bot/questions/unsure.py
    said_at: Mapped[datetime]
    shown_on: Mapped[date | None]  # the author's own day on which they were asked
    is_asked: Mapped[bool | None]
    judged_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_unsure_messages_author", "team_id", "author_id", "shown_on", unique=True),
        Index("ix_unsure_messages_place", "team_id", "channel_id", "author_id", "said_at"),
    )


class File(Base):
    """A file that came with a message: what it is called, and the text of a snippet. Nothing else
    of it is kept."""

    __tablename__ = "files"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    message_ts: Mapped[str] = mapped_column(Ts, primary_key=True)
    file_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))  # picture or file
    title: Mapped[str]
    words: Mapped[str]
    kept_at: Mapped[datetime]
    __table_args__ = (Index("ix_files_file", "team_id", "file_id"),)


class Answer(Base):
    """A reply in a question's thread; the asker's own replies are kept beside the others'.

    One that became a question of its own is erased here; its words are that question's."""

    __tablename__ = "answers"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    channel_id: Mapped[str] = mapped_column(SlackId)
    message_ts: Mapped[str] = mapped_column(Ts)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    author_id: Mapped[str] = mapped_column(SlackId)
    kind: Mapped[str] = mapped_column(String(10), default="answer")  # see storage/questions/answers
    text: Mapped[str]
    thread_ts: Mapped[str | None] = mapped_column(Ts)  # where it is not its question's thread
    answered_at: Mapped[datetime]
    said_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]  # the asker says that it was not it, whoever marked it
    client_msg_id: Mapped[str | None] = mapped_column(String(64))
    __table_args__ = (
        UniqueConstraint("team_id", "channel_id", "message_ts"),
        Index("ix_answers_act", "team_id", "channel_id", "client_msg_id", unique=True),
        Index("ix_answers_question", "question_id"),
        Index("ix_answers_author", "team_id", "author_id"),
    )


class Mark(Base):
    """Somebody's ✅ on a message. The latest word of that person counts, in Slack's time."""

    __tablename__ = "marks"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    message_ts: Mapped[str] = mapped_column(Ts, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    is_on: Mapped[bool]
    is_pressed: Mapped[bool] = mapped_column(default=False)  # by a button: Slack shows no reaction
    changed_at: Mapped[datetime]


class Solution(Base):
    __tablename__ = "solutions"
    answer_id: Mapped[int] = mapped_column(
        ForeignKey("answers.id", ondelete="CASCADE"), primary_key=True
    )
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    accepted_by: Mapped[str] = mapped_column(SlackId)
    accepted_at: Mapped[datetime]
    __table_args__ = (Index("ix_solutions_question", "question_id"),)


class Offer(Base):
    """An expert who was asked to take a question."""

    __tablename__ = "offers"
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    offered_at: Mapped[datetime]
    solved_like: Mapped[int] = mapped_column(default=0)  # similar questions they had solved
    referred_by: Mapped[str | None] = mapped_column(SlackId)
    is_from_elsewhere: Mapped[bool] = mapped_column(default=False)  # helps on another topic
    is_by_message: Mapped[bool] = mapped_column(default=False)  # not by the card's mention alone
    told_at: Mapped[datetime | None]  # by message
    passed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]  # they were not there any more, and may be asked again
    __table_args__ = (Index("ix_offers_user", "team_id", "user_id", "offered_at"),)


class Figures(Base):
    """What was known of those who could be asked about a question, when it was: for whom to ask
    next, and to learn from."""

    __tablename__ = "figures"
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    team_id: Mapped[str] = mapped_column(SlackId)
    checksum: Mapped[int] = mapped_column(BigInteger)  # of the words that it was found by
    people: Mapped[dict[str, list[float]]]
    kept_at: Mapped[datetime]
    __table_args__ = (Index("ix_figures_kept", "kept_at"),)


class OfferNote(Base):
    """The one message that lists the questions a person is asked to take."""

    __tablename__ = "offer_notes"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId)
    message_ts: Mapped[str] = mapped_column(Ts)


class Suggestion(Base):
    """A solved question that was shown to the asker of another, and what they said of it."""

    __tablename__ = "suggestions"
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    solved_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    team_id: Mapped[str] = mapped_column(SlackId)
    likeness: Mapped[float] = mapped_column(Double)  # 0 to 1
    suggested_at: Mapped[datetime]
    is_right: Mapped[bool | None]
    judged_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_suggestions_judged", "team_id", "judged_at"),
        Index("ix_suggestions_solved", "solved_id"),
    )


class Review(Base):
    """That somebody is asked whether a question's solution is still true."""

    __tablename__ = "reviews"
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    reviewer_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    asked_at: Mapped[datetime]
    __table_args__ = (Index("ix_reviews_reviewer", "team_id", "reviewer_id"),)


class ReviewNote(Base):
    """The one message that lists a person's reviews; the next one comes some days later."""

    __tablename__ = "review_notes"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    reviewer_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    channel_id: Mapped[str] = mapped_column(SlackId)
    message_ts: Mapped[str] = mapped_column(Ts)
    posted_at: Mapped[datetime]


class WorkedNote(Base):
    """Who helped was told that it worked, by whose word."""

    __tablename__ = "worked_notes"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    receiver_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    giver_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    told_at: Mapped[datetime]


class SavedTime(Base):
    """That an asker was asked how long it would have taken without the answer, and what they
    said."""

    __tablename__ = "saved_times"
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    user_id: Mapped[str] = mapped_column(SlackId)
    asked_at: Mapped[datetime]
    said: Mapped[str | None] = mapped_column(String(10))  # see bot/recognition/saved.py
    said_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_saved_times_user", "team_id", "user_id", "asked_at"),)


class Kudos(Base):
    """The ledger of help. Rows are only ever added. A reversal names the fact it takes back; a
    fact that is given again names the reversal that it takes back. So the rows about the same
    help are one chain, of which the last alone can stand: the first is unique, and so is what
    takes a row back."""

    __tablename__ = "kudos"
    id: Mapped[int] = mapped_column(Id, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    kind: Mapped[str] = mapped_column(String(20))  # solved, helped, reused, thanked, reversal
    giver_id: Mapped[str] = mapped_column(SlackId)
    receiver_id: Mapped[str] = mapped_column(SlackId)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id"))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id"))
    channel_id: Mapped[str | None] = mapped_column(SlackId)
    reason: Mapped[str | None]
    # Given again, it keeps the time of the first: see `bot/recognition/ledger`.
    given_at: Mapped[datetime]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("kudos.id"), unique=True)
    __table_args__ = (
        Index("ix_kudos_receiver", "team_id", "receiver_id", "given_at"),
        # All that a digest reads of a fact: a long week has a hundred thousand of them.
        Index(
            "ix_kudos_channel",
            *("team_id", "channel_id", "given_at", "kind"),
            *("giver_id", "receiver_id", "question_id"),
        ),
        Index("ix_kudos_question", "question_id"),
        Index("ix_kudos_giver", "team_id", "giver_id", "given_at"),
        Index(
            "ix_kudos_first",
            *("kind", "answer_id", "giver_id", "receiver_id"),
            unique=True,
            sqlite_where=text("reverses_id IS NULL"),
            postgresql_where=text("reverses_id IS NULL"),
        ),
    )


class SponsorThanks(Base):
    """That a sponsor thanked somebody from a digest: once each, by the key."""

    __tablename__ = "sponsor_thanks"
    team_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    sponsor_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    slot: Mapped[str] = mapped_column(String(10), primary_key=True)  # the digest's
    receiver_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    kudos_id: Mapped[int] = mapped_column(ForeignKey("kudos.id"), unique=True)
    question_id: Mapped[int | None] = mapped_column(  # what is linked to, as an example
        ForeignKey("questions.id", ondelete="SET NULL")
    )


class Faq(Base):
    """That a sponsor wrote an FAQ entry on a question. Its words are in Slack alone."""

    __tablename__ = "faqs"
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    team_id: Mapped[str] = mapped_column(SlackId)
    written_by: Mapped[str] = mapped_column(SlackId)
    written_at: Mapped[datetime]
    answer_id: Mapped[int | None] = mapped_column(  # what the draft was made from
        ForeignKey("answers.id", ondelete="SET NULL")
    )
    message_ts: Mapped[str | None] = mapped_column(Ts)


class Share(Base):
    """A solved question that somebody showed to a channel."""

    __tablename__ = "shares"
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    channel_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    message_ts: Mapped[str] = mapped_column(Ts, primary_key=True)
    team_id: Mapped[str] = mapped_column(SlackId)
    shared_by: Mapped[str] = mapped_column(SlackId)


class Referral(Base):
    """Somebody said of a question: ask them instead."""

    __tablename__ = "referrals"
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    from_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    to_id: Mapped[str] = mapped_column(SlackId)
    team_id: Mapped[str] = mapped_column(SlackId)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topics.id", ondelete="SET NULL"))
    referred_at: Mapped[datetime]
    __table_args__ = (Index("ix_referrals_topic", "team_id", "topic_id"),)


class Nudge(Base):
    """That somebody was reminded of something about a question: once."""

    __tablename__ = "nudges"
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(SlackId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)  # mark, claim, hint …
    nudged_at: Mapped[datetime]
