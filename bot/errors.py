"""What went wrong, in the sentence its user reads."""

from bot.text import named, shorten

MOST_REPEATED = 80  # characters of what somebody wrote


class UserError(Exception):
    """Shown privately to the person who acted; in a modal, beside the field if one is named.

    What somebody wrote never stands in a sentence itself: it goes where that says {written},
    and `handlers.blocks.text.said` makes it harmless there."""

    def __init__(self, sentence: str, *, field: str | None = None, written: str = "") -> None:
        super().__init__(sentence.replace("{written}", shorten(written, MOST_REPEATED)))
        self.sentence, self.field, self.written = sentence, field, written


class SomethingFailed(UserError):
    def __init__(self, reference: str) -> None:
        super().__init__(
            "That did not work, and nothing was changed. "
            f"If it stays so, tell an admin: {reference}"
        )


class NoLongerKnown(UserError):
    """A card, a modal or a command of another version."""

    def __init__(self) -> None:
        super().__init__(
            "I no longer know this, so nothing was changed. `/askaround` shows what I can do."
        )


class QuestionIsGone(UserError):
    def __init__(self) -> None:
        super().__init__("That question is no longer here.")


class OnlyOpenAccounts(UserError):
    def __init__(self) -> None:
        super().__init__("I only listen to people with an active account here.")


class OpenItAgain(UserError):
    def __init__(self) -> None:
        super().__init__("I cannot read that any more. Please open it again.")


class SlackDoesNotSay(UserError):
    def __init__(self) -> None:
        super().__init__("Slack does not tell me who you are right now. Try again in a minute.")


class SlackDoesNotSayOfThem(UserError):
    def __init__(self, user_id: str, *, field: str | None = None) -> None:
        super().__init__(
            f"Slack does not tell me who {named(user_id)} is right now. Try again in a minute.",
            field=field,
        )


class NotAnAnswer(UserError):
    def __init__(self) -> None:
        super().__init__("That message is not a reply to a question I know of.")


class OnlyAskerOrExpertMayAccept(UserError):
    def __init__(self, asker_id: str) -> None:
        super().__init__(f"Only {named(asker_id)}, who asked, or an expert can mark the solution.")


class OnlyAskerMayMark(UserError):
    def __init__(self) -> None:
        super().__init__(
            "Only the person who asked can say that here. You can put ✅ on the reply."
        )


class OnlyAskerMaySay(UserError):
    def __init__(self, asker_id: str) -> None:
        super().__init__(f"Only {named(asker_id)}, who asked, can say that.")


class OnlyAskerOrExpertMayOpen(UserError):
    def __init__(self, asker_id: str) -> None:
        super().__init__(f"Only {named(asker_id)}, who asked, or an expert can open it again.")


class OnlyAskerOrExpertMayWithdraw(UserError):
    def __init__(self, asker_id: str) -> None:
        super().__init__(
            f"Only {named(asker_id)}, who asked, or an expert can say that it is not a question."
        )


class AlreadyClaimed(UserError):
    def __init__(self, user_id: str) -> None:
        super().__init__(f"{named(user_id)} is already on it. You can still reply in the thread.")


class AskersCannotClaim(UserError):
    def __init__(self) -> None:
        super().__init__(
            "You asked this one. If you found the answer yourself, reply with it and put ✅ on it."
        )


class HelpedYourself(UserError):
    def __init__(self) -> None:
        super().__init__("That answer is your own. Good that it still helps.")


class NotAllCanRead(UserError):
    def __init__(self) -> None:
        super().__init__(
            "Not everybody here can read the channel where this was answered, "
            "so I cannot share it here."
        )


class SourcesAreNotForAll(UserError):
    def __init__(self) -> None:
        super().__init__(
            "Not everybody there can read the answers that this is made from, so I cannot post it "
            "there. Reply in your own words."
        )


class NobodyWaitsForYou(UserError):
    def __init__(self) -> None:
        super().__init__("No open question waits for an answer of yours right now.")


class WriteTheReply(UserError):
    def __init__(self) -> None:
        super().__init__("Write what you want to reply.", field="reply")


class AlreadyOutdated(UserError):
    def __init__(self) -> None:
        super().__init__("That answer is already marked as outdated. Ask, and get a new one.")


class OnlyWhoKnowsMayConfirm(UserError):
    def __init__(self) -> None:
        super().__init__(
            "Only the person who answered, or an expert, can say whether it is still true."
        )


class AlreadySolved(UserError):
    def __init__(self) -> None:
        super().__init__("That question is already solved.")


class AlreadyClosed(UserError):
    def __init__(self) -> None:
        super().__init__(
            "That question is closed. Whoever asked it can open it again from its card."
        )


class NothingWasSaid(UserError):
    def __init__(self) -> None:
        super().__init__("Write what it was, or close this window.", field="words")


class NoCardYet(UserError):
    def __init__(self) -> None:
        super().__init__(
            "I have not posted in the question's thread yet. Please try again in a minute.",
            field="words",
        )


class OnlyAdmins(UserError):
    def __init__(self) -> None:
        super().__init__("Only workspace admins can change that.")


class OnlyGapReaders(UserError):
    def __init__(self) -> None:
        super().__init__(
            "Only workspace admins, and those whom they named for it, can see what people keep "
            "asking."
        )


class TooFewToTell(UserError):
    def __init__(self) -> None:
        super().__init__("Fewer than five people are in it: that is not told.", field="channel")


class ThemeIsGone(UserError):
    def __init__(self) -> None:
        super().__init__("Nobody keeps asking that any more, as far as you can read. Look again.")


class CannotBeTaughtYet(UserError):
    def __init__(self) -> None:
        super().__init__("Choose the day of the training, today or before.", field="taught_on")


class OnlyAdminsAndSponsors(UserError):
    def __init__(self) -> None:
        super().__init__("Only workspace admins, and sponsors for their topics, can see that.")


class NotCountedYet(UserError):
    def __init__(self) -> None:
        super().__init__("That is not counted yet. I count once a day, after midnight UTC.")


class NotInChannel(UserError):
    def __init__(self) -> None:
        super().__init__("I am not in this channel yet. Invite me first: `/invite @Askaround`")


class InviteMeFirst(UserError):
    def __init__(self) -> None:
        super().__init__(
            "I am not in that channel yet, or you are not: write /invite @Askaround there, and I "
            "offer you the same in it.",
            field="channel",
        )


class RepliesDoNotReachMe(UserError):
    def __init__(self) -> None:
        super().__init__(
            "In a group conversation I cannot read the replies, so I do not ask here. "
            "Ask in a help channel, or with `/ask` from anywhere."
        )


class NoHelpChannel(UserError):
    def __init__(self) -> None:
        super().__init__(
            "There is no help channel that you can read yet. An admin can make one: "
            "`/askaround channel on` in the channel."
        )


class NothingAsked(UserError):
    def __init__(self, *, field: str | None = None) -> None:
        super().__init__("Write your question, and I will ask around.", field=field)


class NothingToAsk(UserError):
    def __init__(self) -> None:
        super().__init__("I can only ask around about what a person wrote.")


class MessageIsGone(UserError):
    def __init__(self) -> None:
        super().__init__("I no longer have that message. Write it again, and I will ask.")


class NoWordsToAsk(UserError):
    def __init__(self) -> None:
        super().__init__(
            "There are no words in that message to ask about. Write your question, and I will."
        )


class AlreadyAQuestion(UserError):
    def __init__(self) -> None:
        super().__init__("This thread already has a question.")


class ChannelCannotBeUsed(UserError):
    def __init__(self, *, field: str) -> None:
        super().__init__("I cannot post there any more. Please choose another.", field=field)


class FormNeedsName(UserError):
    def __init__(self) -> None:
        super().__init__("Say which workflow: `/askaround channel form Pallet request`")


class TooManyForms(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(f"A channel can have up to {most} workflows that ask.", field="forms")


class NoSuchForm(UserError):
    def __init__(self, name: str) -> None:
        super().__init__("No workflow “{written}” is heard here.", written=name)


class UnknownTopic(UserError):
    def __init__(self, name: str) -> None:
        super().__init__("There is no topic “{written}”. `/experts` lists them.", written=name)


class NoOtherTopic(UserError):
    def __init__(self) -> None:
        super().__init__(
            "There is no other topic that everybody here may know of. An admin can create one: "
            "`/askaround topic customs`"
        )


class TopicCannotBeUsed(UserError):
    def __init__(self) -> None:
        super().__init__(
            "A question here cannot be about that topic any more. Please choose another.",
            field="topic",
        )


class OnlyAskerOrExpertMayMove(UserError):
    def __init__(self, asker_id: str) -> None:
        super().__init__(f"Only <@{asker_id}>, who asked, or an expert can change the topic.")


class NotPostedForYou(UserError):
    def __init__(self) -> None:
        super().__init__("You wrote that message yourself: edit or delete it in Slack, as usual.")


class NoTopicNamed(UserError):
    def __init__(self, verb: str) -> None:
        super().__init__(
            f"Say which topic. For example: `/experts {verb} customs`. `/experts` lists them."
        )


class UnknownCommand(UserError):
    """Not a command, but much like the one named."""

    def __init__(self, written: str, *, meant: str) -> None:
        super().__init__(f"I do not know “{{written}}”. Did you mean `{meant}`?", written=written)


class TopicIsGone(UserError):
    def __init__(self) -> None:
        super().__init__("That topic is no longer here.")


class SameTopic(UserError):
    def __init__(self) -> None:
        super().__init__("That is the same topic twice. Which other one should it go into?")


class OwnTopicStays(UserError):
    def __init__(self, name: str) -> None:
        super().__init__(
            "“{written}” is a channel's own topic, so that people can join there. Rename it, or "
            "give the channel another topic: `/askaround topic`",
            field="end",
            written=name,
        )


class OnlyMembersMayJoin(UserError):
    def __init__(self) -> None:
        super().__init__(
            "Only members of this workspace can make themselves an expert. An admin can add you."
        )


class OnlyPeopleCanBeExperts(UserError):
    def __init__(self) -> None:
        super().__init__(
            "Experts are people with an active account, or user groups. Please choose others.",
            field="people",
        )


class ChangedMeanwhile(UserError):
    def __init__(self, user_id: str) -> None:
        who = f"<@{user_id}>" if user_id else "Somebody"
        super().__init__(
            f"{who} changed this while you had it open. Close it and open it again to see how it "
            "is now."
        )


class CannotBeUndone(UserError):
    def __init__(self) -> None:
        super().__init__("This was changed again since, or taken back already.")


class SaidNo(UserError):
    def __init__(self, name: str) -> None:
        super().__init__(
            "“{written}” said no, thanks, to this topic. They can join it themselves whenever they "
            "like; leave them out for now.",
            field="people",
            written=name,
        )


class InvitationIsSettled(UserError):
    def __init__(self) -> None:
        super().__init__("That was settled meanwhile. App Home shows what you are asked about.")


class TopicNeedsName(UserError):
    def __init__(self) -> None:
        super().__init__("A topic needs a name of 1 to 60 characters.", field="name")


class TopicExists(UserError):
    def __init__(self, name: str) -> None:
        super().__init__("There is already a topic “{written}”.", field="name", written=name)


class TooManyKeywords(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(f"A topic can have up to {most} keywords.", field="keywords")


class NotWaits(UserError):
    def __init__(self) -> None:
        super().__init__(
            "Each of the first three is longer than the one before. For example: 10, 60 and 480.",
            field="next_few",
        )


class ProposalIsSettled(UserError):
    def __init__(self) -> None:
        super().__init__("That is already settled. Home shows how things stand.")


class NotAnAddress(UserError):
    def __init__(self) -> None:
        super().__init__(
            "I cannot call that address. For example: https://helpdesk.example.com/askaround",
            field="hand_off_url",
        )


class AddressIsTooLong(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(f"An address can have up to {most} characters.", field="hand_off_url")


class AddressNeedsHttps(UserError):
    def __init__(self) -> None:
        super().__init__(
            "That address needs https. Plain http is only for a host inside your own network.",
            field="hand_off_url",
        )


class AddressHasPassword(UserError):
    def __init__(self) -> None:
        super().__init__(
            "Leave the name and password out of the address. My calls are signed instead.",
            field="hand_off_url",
        )


class AddressNotAllowed(UserError):
    def __init__(self) -> None:
        super().__init__(
            "I do not call that host: machines keep it for themselves, and no helpdesk is there.",
            field="hand_off_url",
        )


class AddressIsInside(UserError):
    def __init__(self) -> None:
        super().__init__(
            "That host is inside your own network. I call it when whoever runs me has allowed "
            "its network, with the setting HELPDESK_NETWORKS.",
            field="hand_off_url",
        )


class GroupMemberCannotLeave(UserError):
    def __init__(self, name: str) -> None:
        super().__init__(
            "You help on “{written}” as a member of a user group; an admin can take the group out.",
            written=name,
        )


class CannotThankYourself(UserError):
    def __init__(self) -> None:
        super().__init__("Kudos are for others. What would you like to thank a colleague for?")


class CannotThankBots(UserError):
    def __init__(self) -> None:
        super().__init__("Only people with an active account can be thanked, and no apps.")


class GroupIsUnknown(UserError):
    def __init__(self) -> None:
        super().__init__(
            "I only know the members of user groups that help on a topic. "
            "Name the people, and I will thank each of them."
        )


class GroupIsTooLarge(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(
            f"That is more people than can be thanked in a day: you have {most} thank-yous. "
            "Name those who helped you most."
        )


class ThanksNeedReason(UserError):
    def __init__(self) -> None:
        super().__init__("Say what for, in a few words, and I will tell them.", field="reason")


class EnoughThanksForToday(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(f"That was your {most}th thank-you today. Tomorrow there are new ones.")


class EnoughThanksForThem(UserError):
    def __init__(self) -> None:  # whom is not said: they may not want to be named
        super().__init__(
            "You have thanked them twice this week, and they know. You can again on Monday."
        )


class NotASponsor(UserError):
    def __init__(self) -> None:
        super().__init__("You do not sponsor a topic at the moment, so no digest comes to you.")


class NothingToThankFor(UserError):
    def __init__(self) -> None:
        super().__init__("That help was taken back, or is no longer about one of your topics.")


class AlreadyThanked(UserError):
    def __init__(self) -> None:
        super().__init__("You have already thanked them for this week.")


class AnswerNeedsWords(UserError):
    def __init__(self, field: str) -> None:
        super().__init__("It needs a question and what works.", field=field)


class NothingIsMissing(UserError):
    def __init__(self) -> None:
        super().__init__("That is found by now, or not yours to answer. Look at your Home again.")


class FaqNeedsWords(UserError):
    def __init__(self, field: str) -> None:
        super().__init__("An entry needs a question and an answer.", field=field)


class TooManyPicked(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(f"An FAQ has at most {most} answers.", field="answers")


class FaqExists(UserError):
    def __init__(self) -> None:
        super().__init__("That question already has an FAQ entry.")


class CannotTellYourself(UserError):
    def __init__(self) -> None:
        super().__init__("You know this already. Whom would you like to tell?", field="manager")


class CannotTellThem(UserError):
    def __init__(self) -> None:
        super().__init__(
            "Only a colleague can be told: no guest, nobody of another company, no app, and "
            "nobody whose account is closed.",
            field="manager",
        )


class NothingToTell(UserError):
    def __init__(self) -> None:
        super().__init__(
            "There is nothing to tell for that time yet. Choose a longer one.", field="period"
        )


class NothingWritten(UserError):
    def __init__(self) -> None:
        super().__init__("Say it in a few words of your own.", field="text")


class ToldEnoughToday(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(
            f"They have heard from you {most} times since yesterday. Let them read that first."
        )


class NoteIsGone(UserError):
    def __init__(self) -> None:
        super().__init__("That is no longer here. `/kudos` shows what there is to tell.")


class NotAPeriod(UserError):
    def __init__(self, written: str) -> None:
        super().__init__(
            "I cannot read “{written}” as a time in the past. "
            "For example: `/kudos export 2026`, or `/kudos export since 2026-01-01`",
            written=written,
        )


class NothingToExport(UserError):
    def __init__(self) -> None:
        super().__init__(
            "There is nothing to tell for that time. For another: `/kudos export since 2026-01-01`"
        )


class LeaderboardIsOff(UserError):
    def __init__(self) -> None:
        super().__init__(
            "There is no leaderboard here. `/kudos` shows what your help did, "
            "`/kudos @person` what theirs did."
        )


class LeaderboardNeedsTopic(UserError):
    def __init__(self) -> None:
        super().__init__("In which topic? For example: `/kudos top customs last month`")


class NotATime(UserError):
    def __init__(self, written: str) -> None:
        super().__init__(
            "I cannot read “{written}” as a weekday and time. "
            "For example: `/askaround digest monday 9:00`",
            written=written,
        )


class NoDigestYet(UserError):
    def __init__(self) -> None:
        super().__init__("The weekly digest starts with the first help channel.")


class NoDigestHere(UserError):
    def __init__(self) -> None:
        super().__init__(
            "No digest comes here: this is not a help channel. "
            "`/askaround channel on` makes it one."
        )


class NotATimezone(UserError):
    def __init__(self, written: str) -> None:
        super().__init__(
            "I do not know the time zone “{written}”. For example: `Europe/Rome`",
            field="timezone",
            written=written,
        )


class NotHours(UserError):
    def __init__(self, written: str) -> None:
        super().__init__(
            "I cannot read “{written}” as working hours. "
            "For example: `/experts hours mon-fri 9:00-17:30`, or `/experts hours usual`",
            written=written,
        )


class NotEmoji(UserError):
    def __init__(self, written: str) -> None:
        super().__init__(
            "“{written}” is not an emoji. Name them like this: :done: :100:",
            field="marks",
            written=written,
        )


class AsksAlready(UserError):
    def __init__(self) -> None:
        super().__init__(
            "❓ makes a message a question, so it cannot mark what solved one.", field="marks"
        )


class TooManyEmoji(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(f"At most {most} emoji can mark a solution, beside ✅.", field="marks")


class NotWorkingTime(UserError):
    def __init__(self, *, field: str) -> None:
        super().__init__(
            "Choose at least one day, and an end that differs from the start.", field=field
        )


class NotADay(UserError):
    def __init__(self, written: str) -> None:
        super().__init__(
            "I cannot read “{written}” as a day in the future. "
            "For example: `/experts away until friday`, `until 2026-12-24` or `for 3 days`",
            written=written,
        )


class NotACountry(UserError):
    def __init__(self, written: str) -> None:
        super().__init__(
            "I do not know the holidays of “{written}”. For example: "
            "`/experts holidays Italy`, `/experts holidays DE-BY`, `usual` or `none`",
            field="country",
            written=written,
        )


class NotACalendar(UserError):
    def __init__(self) -> None:
        super().__init__(
            "I cannot read a calendar at that address. Copy the one in iCal format from "
            "your calendar's settings: it starts with https:// or webcal://",
            field="calendar",
        )


class CalendarIsInside(UserError):
    def __init__(self) -> None:
        super().__init__(
            "That calendar is inside your own network. I read it when whoever runs me has allowed "
            "its network, with the setting HELPDESK_NETWORKS.",
            field="calendar",
        )


class NotALimit(UserError):
    def __init__(self, written: str, highest: int) -> None:
        super().__init__(
            f"I cannot read “{{written}}” as a number from 0 to {highest}. "
            "For example: `/experts limit 3`",
            field="limit",
            written=written,
        )


class NotAChoice(UserError):
    def __init__(self, written: str) -> None:
        super().__init__(
            "I cannot read “{written}” here. Say `/experts messages on`, `off` or `usual`.",
            written=written,
        )


class CannotBeAsked(UserError):
    def __init__(self, user_id: str) -> None:
        super().__init__(
            f"I cannot ask {named(user_id)} about this one. Do you know somebody else?"
        )


class OnlyAskerOrExpertMayMerge(UserError):
    def __init__(self, asker_id: str) -> None:
        super().__init__(
            f"Only {named(asker_id)}, who asked, or an expert can say whether it is the same "
            "question."
        )


class NothingIsTheSame(UserError):
    def __init__(self) -> None:
        super().__init__(
            "I know of no other question, open or solved in the last month, that everybody here "
            "can read."
        )


class AlreadyMerged(UserError):
    def __init__(self) -> None:
        super().__init__(
            "That is already marked as the same as another question. "
            "Press “Not the same” there first."
        )


class CannotBeMerged(UserError):
    def __init__(self) -> None:
        super().__init__(
            "That question cannot be chosen here any more. Please choose another.",
            field="question",
        )


class AskedElsewhere(UserError):
    def __init__(self) -> None:
        super().__init__(
            "That question is the same as another one, and the answer comes there. "
            "The card in its thread links to it."
        )


class OnlyThoseMaySplit(UserError):
    def __init__(self, author_id: str) -> None:
        super().__init__(
            f"Only <@{author_id}>, who wrote it, who asked here, or an expert can make that "
            "reply a question of its own."
        )


class NothingToPart(UserError):
    def __init__(self) -> None:
        super().__init__("Nothing else was said with that question.")


class AlreadySplit(UserError):
    def __init__(self) -> None:
        super().__init__("That reply is already a question of its own.")


class ReplyIsGone(UserError):
    def __init__(self) -> None:
        super().__init__("That reply is no longer here.")


class BeingErased(UserError):
    def __init__(self) -> None:
        super().__init__("That is being erased already. It takes a few minutes.")


class OnlyWhoLeft(UserError):
    def __init__(self, user_id: str) -> None:
        super().__init__(
            f"The account of {named(user_id)} is open, so only they can do that themselves: "
            "`/askaround me`.",
            field="person",
        )


class NobodyToErase(UserError):
    def __init__(self) -> None:
        super().__init__("Nothing is kept of them.", field="person")


class ReasonNeeded(UserError):
    def __init__(self) -> None:
        super().__init__("Say why. It is written into the audit.", field="reason")


class NotMonths(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(
            f"Write a number of months, up to {most}, or nothing for no limit.", field="months"
        )


class StaysOut(UserError):
    def __init__(self) -> None:
        super().__init__(
            "You chose that nothing of yours is kept here, so I do not ask around for you. "
            "`/askaround me` changes that."
        )


class NoVault(UserError):
    def __init__(self) -> None:
        super().__init__(
            "For asking without a name I need a key, which whoever runs me sets: ASKING_KEYS."
        )


class OnlyPublicNameless(UserError):
    def __init__(self) -> None:
        super().__init__(
            "That is for public channels of this company alone: among a few, who asks is soon "
            "guessed."
        )


class NotNamelessHere(UserError):
    def __init__(self) -> None:
        super().__init__(
            "In this channel one cannot ask without a name: its admins did not allow it, or too "
            "few people are in it.",
            field="nameless",
        )


class CannotAskNameless(UserError):
    def __init__(self) -> None:
        super().__init__(
            "An admin decided that you cannot ask without your name for now. They do not know who "
            "you are.",
            field="nameless",
        )


class NamelessLimit(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(
            f"Without your name you can ask {most} questions a day. With it, as many as you like.",
            field="nameless",
        )


class OnlyAskerMaySayMore(UserError):
    def __init__(self) -> None:
        super().__init__("Only who asked it can say more in that way.")


class AssistantsMayNotAsk(UserError):
    def __init__(self) -> None:
        super().__init__("In this workspace assistants do not ask people. Ask them yourself.")


class TooManyDrafts(UserError):
    def __init__(self) -> None:
        super().__init__(
            "Several questions that an assistant drafted wait for an answer already. Look at those "
            "first, in Slack."
        )


class DraftIsGone(UserError):
    def __init__(self) -> None:
        super().__init__("That draft is no longer here, or was decided already.")


class TokenNeedsName(UserError):
    def __init__(self) -> None:
        super().__init__("Give it a name, so that you know later what it is for.", field="name")


class TokenNeedsScope(UserError):
    def __init__(self) -> None:
        super().__init__("Choose at least one thing that it is for.", field="scopes")


class TokenNeedsEnd(UserError):
    def __init__(self) -> None:
        super().__init__("Choose how long it holds.", field="days")


class TooManyTokens(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} tokens. End one first.", field="name")


class WebhookNeedsKind(UserError):
    def __init__(self) -> None:
        super().__init__("Choose at least one thing that it is told.", field="kinds")


class TooManyWebhooks(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(f"There are {most} webhooks. Remove one first.", field="hand_off_url")


class WebhookIsGone(UserError):
    def __init__(self) -> None:
        super().__init__("That webhook is no longer here.")


class CallIsGone(UserError):
    def __init__(self) -> None:
        super().__init__("That is too long ago: I no longer know what it was.")


class TokenIsGone(UserError):
    def __init__(self) -> None:
        super().__init__("That token is no longer here.")


class ArchiveNotThere(UserError):
    def __init__(self, path: str) -> None:
        super().__init__("There is nothing at “{written}”.", written=path)


class ArchiveBroken(UserError):
    """`file`: the one in it that cannot be read."""

    def __init__(self, archive: str, file: str) -> None:
        super().__init__(
            "I cannot read “{written}”: it is damaged, cut off, or locked. Nothing was taken in. "
            "Download it again, or export it anew.",
            written=file if file == archive else f"{archive}: {file}",
        )


class ArchiveIsBomb(UserError):
    def __init__(self, archive: str) -> None:
        super().__init__(
            "“{written}” would unpack into far more than it can hold, so I did not open it. "
            "Nothing was taken in.",
            written=archive,
        )


class ArchiveLeadsOutside(UserError):
    def __init__(self, archive: str) -> None:
        super().__init__(
            "“{written}” has files that would lie outside of it, so I did not open it. "
            "Nothing was taken in.",
            written=archive,
        )


class NoSlackExport(UserError):
    def __init__(self, archive: str) -> None:
        super().__init__(
            "“{written}” is no Slack export: it has no channels.json. Nothing was taken in.",
            written=archive,
        )


class WhichWorkspace(UserError):
    def __init__(self, archive: str, names: list[str]) -> None:
        super().__init__(
            "There are several workspaces in “{written}”. Say which one is this with --folder.",
            written=f"{archive}: {', '.join(names)}",
        )


class AlreadyTold(UserError):
    def __init__(self) -> None:
        super().__init__("Nobody needs to say that any more: it is known what the answer was.")


class NoOtherReply(UserError):
    def __init__(self) -> None:
        super().__init__("There is no other reply that could have been the answer.")


class ImportGone(UserError):
    def __init__(self) -> None:
        super().__init__("That import is no longer here.")


class BeingUndone(UserError):
    def __init__(self) -> None:
        super().__init__("That import is being taken out again. Wait until it is gone.")


class UnknownArchive(UserError):
    def __init__(self, kind: str) -> None:
        super().__init__("I know no archives of the kind “{written}”.", written=kind)


class ChooseChannels(UserError):
    def __init__(self, most: int) -> None:
        super().__init__(f"Choose one channel at least, and {most} at most.", field="channels")


class NothingToRead(UserError):
    def __init__(self) -> None:
        super().__init__("There is nothing left of that to read.")


class NoColumns(UserError):
    def __init__(self, archive: str) -> None:
        super().__init__(
            "“{written}” needs the columns question and answer. Nothing was taken in.",
            written=archive,
        )


class NoSuchArchive(UserError):
    def __init__(self, archive: str, needed: str) -> None:
        super().__init__(
            f"“{{written}}” is no such archive: I find no {needed} in it. Nothing was taken in.",
            written=archive,
        )
