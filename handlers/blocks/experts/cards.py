"""What people see of a question: its card, and the message of a question from /ask."""

from bot.experts import closing, steps
from bot.experts.cards import (
    Asked,
    AskedByCommand,
    Helpdesk,
    MergedView,
    QuestionCard,
    ReusedView,
    SolutionView,
)
from handlers.blocks.buttons import claim_button
from handlers.blocks.files import quoted
from handlers.blocks.text import (
    A_COLLEAGUE,
    NAME_SHOWN,
    Block,
    actions,
    button,
    called,
    context,
    count,
    date,
    escape,
    inline,
    link,
    listed,
    mention,
    message,
    option,
    overflow,
    permalink,
    profile,
    quote,
    section,
)

PASS, NOT_A_QUESTION = "pass_question", "not_a_question"
MORE, NOT_THE_SAME = "question_more", "not_the_same"
# In that menu: what was said after it is another question; it is about something else; and, of
# what was posted for its asker, other words or none.
PART, MOVE, REWORD, TAKE_BACK = "part", "move", "reword", "take_back"
NAMED_ENTRIES = (PART, MOVE, REWORD, TAKE_BACK)
STUCK, OPEN_AGAIN, SAY_WHAT = "still_stuck", "open_again", "say_what_it_was"
SOLUTIONS_SHOWN = 3
ASKED_SHOWN = 6
QUESTION_SHOWN = 140  # characters, where a notification begins with the question
ANYBODY = "Anybody can reply here."
ALSO_WELCOME = "Others are welcome to reply too."
NOBODY_YET = "Nobody has signed up to help with this yet, so I could not ask anyone."
STILL_STUCK = "If it did not help, press *Still stuck*, and I ask others."
A_MARK_STILL_COUNTS = ":white_check_mark: on a reply that worked still counts."
MOMENT = "{date_short_pretty} at {time}"


def question_card(card: QuestionCard, workspace_url: str) -> Block:
    """The one message the bot keeps in a question's thread."""
    if card.solutions:
        return solved_card(card, workspace_url)
    if card.reused:
        return reused_card(card, card.reused, workspace_url)
    if card.merged:
        return merged_card(card, card.merged, workspace_url)
    if card.is_solved_elsewhere:
        return solved_elsewhere_card(card)
    if card.closed_why:
        return closed_card(card)
    text = headline(card)
    reasons = [context(why) for why in [why_they(card)] if why]
    written = [context(written_by(card))] if card.assistant else []
    blocks = [section(text), *reasons, context(what_now(card)), *written, buttons(card)]
    return message(beginning_with(card, text), blocks)


def written_by(card: QuestionCard) -> str:
    return (
        f":robot_face: {inline(card.assistant or '', NAME_SHOWN)} wrote this for {asker_of(card)}."
    )


def beginning_with(card: QuestionCard, text: str) -> str:
    """As a notification says it, on a screen where nothing else tells what it is about."""
    return begun(card.asker, card.text, text)


def begun(asker: str, question: str, text: str) -> str:
    """`Bob: My T1 was refused …`, and below it what there is to say."""
    words = inline(question, QUESTION_SHOWN)
    if not words:
        return text
    who = inline(asker, NAME_SHOWN)
    return f"{who}: {words}\n{text}" if who else f"{words}\n{text}"


def headline(card: QuestionCard) -> str:
    if card.is_answered:
        return replied(card)
    if card.claimed_by:
        return f":raised_hand: {mention(card.claimed_by)} is on it."
    if card.asked_ids:
        return call_for_help(card)
    if card.topic:
        return f":eyes: Who can help with this question about *{escape(card.topic)}*?"
    return ":eyes: Who can help with this question?"


def call_for_help(card: QuestionCard) -> str:
    shown = [mention(user_id) for user_id in card.asked_ids[:ASKED_SHOWN]]
    more = len(card.asked_ids) - len(shown)
    asked = listed([*shown, f"{more} more"] if more else shown)
    if card.topic:
        return f":eyes: {asked}, can you help with this question about *{escape(card.topic)}*?"
    return f":eyes: {asked}, can you help with this question?"


def replied(card: QuestionCard) -> str:
    author = inline(card.last_reply_by or A_COLLEAGUE, NAME_SHOWN)
    if card.answers == 1:
        return f":speech_balloon: 1 reply so far, by {author}. Did it work?"
    many = f"{card.answers} replies"
    return f":speech_balloon: {many} so far, the latest by {author}. Did one of them work?"


def why_they(card: QuestionCard) -> str:
    """Why these were asked, in words; nothing where it is only that they help on the topic."""
    if card.claimed_by or card.is_answered:
        return ""
    return " · ".join(why for each in card.asked[:ASKED_SHOWN] for why in [reason(each)] if why)


def reason(asked: Asked) -> str:
    if asked.referred_by:
        return f"{mention(asked.referred_by)} says to ask {mention(asked.user_id)}"
    if asked.solved_like:
        solved = count(asked.solved_like, "question")
        return f"{mention(asked.user_id)} solved {solved} like this"
    return ""


def what_now(card: QuestionCard) -> str:
    """How it stands, what comes next and when, and what its asker is to do."""
    who = asker_of(card)
    if card.is_over:
        return f"{who} says that it is over. {coming(card)}"
    mark = f"{who} can put :white_check_mark: on the reply that worked."
    if card.is_answered:
        on_it = f"{mention(card.claimed_by)} is on it." if card.claimed_by else ""
        said = (have_it_too(card), on_it, vouched(card), mark, when_answered(card))
    else:
        said = (have_it_too(card), vouched(card), who_else(card), coming(card), mark)
    return " ".join(part for part in said if part)


def asker_of(card: QuestionCard) -> str:
    return inline(card.asker, NAME_SHOWN) or "Whoever asked"


def who_else(card: QuestionCard) -> str:
    """That others may reply too; where nobody is asked, why."""
    if card.is_stuck and card.answers:
        replies = count(card.answers, "reply", "replies")
        return f"{replies} so far did not solve it."
    if card.claimed_by:
        return ALSO_WELCOME
    if not card.asked and not card.has_experts and card.next_step != steps.OPENS:
        return f"{NOBODY_YET} {ANYBODY}"
    return ANYBODY


def when_answered(card: QuestionCard) -> str:
    """What comes next where somebody answered: reminders are private."""
    at = date(card.next_at, MOMENT) if card.next_at else ""
    match card.next_step:
        case steps.GO_ON:
            return f"If no other reply comes, I ask others {at}."
        case steps.SETTLE:
            return f"{STILL_STUCK} If nobody says so, I close it {at}."
    return STILL_STUCK


def vouched(card: QuestionCard) -> str:
    if card.counts_at is None:
        return ""
    at = date(card.counts_at, MOMENT)
    return f"Who wrote a reply says that it solved this. If nobody objects, that counts {at}."


def have_it_too(card: QuestionCard) -> str:
    if not card.have_it_too:
        return ""
    return "1 more has this." if card.have_it_too == 1 else f"{card.have_it_too} more have this."


def coming(card: QuestionCard) -> str:
    at = date(card.next_at, MOMENT) if card.next_at else ""
    about = f"*{escape(card.topic)}*" if card.topic else "this"
    match card.next_step:
        case steps.CLOSE:
            return f"If nobody says otherwise, I close it {at}."
        case steps.RELEASE:
            return f"If no reply comes, I ask others {at}."
        case steps.ASK:
            return f"If nobody takes it, I ask others {at}."
        case steps.OPENS if not card.has_experts:
            return f"Those who solved questions like this are away or off work; I ask them {at}."
        case steps.OPENS:
            return f"Everybody who helps with {about} is away or off work; I ask them {at}."
        case steps.HAND_OFF:
            return f"If nobody takes it, it goes to {hand_off_place(card)} {at}."
        case steps.REST if card.asked and card.is_told_weekly:
            return f"If nobody takes it by {at}, the weekly digest brings it up again."
        case steps.GIVE_UP:
            return still_told(card, at)
    if card.stage == steps.HAND_OFF and not card.claimed_by:
        return handed_off(card)
    return ""


def still_told(card: QuestionCard, at: str) -> str:
    """Nobody is left to ask."""
    if card.stage == steps.HAND_OFF:
        told = [handed_off(card)]
    else:
        told = ["Nobody could take it so far."] if card.asked else []
    if card.is_told_weekly:
        told.append("The weekly digest brings it up again.")
    return " ".join([*told, f"If no answer comes, I close it {at}."])


def hand_off_place(card: QuestionCard) -> str:
    channel = [f"<#{card.hand_off_channel_id}>"] if card.hand_off_channel_id else []
    outside = ["the helpdesk"] if card.helpdesk or not channel else []
    return listed([*channel, *outside])


def handed_off(card: QuestionCard) -> str:
    """Where it went; or that it is still on its way there, or could not be brought there."""
    places = [f"<#{card.hand_off_channel_id}>"] if card.hand_off_channel_id else []
    if card.helpdesk and card.helpdesk.is_told:
        places.append(helpdesk_linked(card.helpdesk))
    if not places and not card.helpdesk:
        return "Nobody could take it in time."
    went = f"Nobody could take it in time, so it went to {listed(places)}."
    told = [went if places else "Nobody could take it in time.", how_far(card.helpdesk)]
    return " ".join(each for each in told if each)


def how_far(helpdesk: Helpdesk | None) -> str:
    if helpdesk is None or helpdesk.is_told:
        return ""
    if helpdesk.is_lost:
        return "I could not reach the helpdesk; whoever runs the topic knows."
    return "It is on its way to the helpdesk."


def helpdesk_linked(helpdesk: Helpdesk) -> str:
    address = escape(helpdesk.link)
    if not helpdesk.reference:
        return link(address, "the helpdesk")
    return f"the helpdesk ({link(address, helpdesk.reference)})"


def buttons(card: QuestionCard) -> Block:
    value = card.question_id
    is_handed_off = card.stage == steps.HAND_OFF and card.next_step is None
    return actions(
        *claiming(card),
        open_again_button(card) if is_handed_off else still_stuck_button(value),
        button("Not a question", NOT_A_QUESTION, value),
        overflow(MORE, *menu(card)),
    )


def claiming(card: QuestionCard) -> list[Block]:
    """Who took it can give it back; where somebody answered, nobody has to say that they do not
    take it."""
    value = card.question_id
    if card.claimed_by:
        return [button("Give it back", PASS, value)]
    if card.is_answered:
        return [claim_button(value)]
    return [claim_button(value, style="primary"), button("Not me", PASS, value)]


def menu(card: QuestionCard) -> list[Block]:
    value = card.question_id
    entries = [
        option("Same as another question", value),
        option("Change topic", f"{MOVE}:{value}"),
    ]
    if card.has_follow_ups:
        entries.append(option("A question of its own", f"{PART}:{value}"))
    if card.is_posted_for_asker:
        entries.append(option("Edit what you asked", f"{REWORD}:{value}"))
        entries.append(option("Delete what you asked", f"{TAKE_BACK}:{value}"))
    return entries


def still_stuck_button(question_id: int) -> Block:
    return button("Still stuck", STUCK, question_id)


def open_again_button(card: QuestionCard) -> Block:
    return button("Open again", OPEN_AGAIN, card.question_id)


def closed_card(card: QuestionCard) -> Block:
    text = why_closed(card)
    hint = [context(A_MARK_STILL_COUNTS)] if card.closed_why == closing.UNMARKED else []
    return message(
        beginning_with(card, text), [section(text), *hint, actions(open_again_button(card))]
    )


def why_closed(card: QuestionCard) -> str:
    match card.closed_why:
        case closing.LEFT:
            return f"Closed: {asker_of(card)} is not here any more."
        case closing.NO_ANSWER:
            return "Closed: nobody could answer this so far."
        case closing.UNMARKED if card.answers == 1:
            return "Closed: it has a reply, and nobody said whether that solved it."
        case closing.UNMARKED:
            return f"Closed: it has {card.answers} replies, and nobody said whether one solved it."
    return f"Closed: {asker_of(card)} needs no answer any more."


def solved_elsewhere_card(card: QuestionCard) -> Block:
    """No reply did it, and its asker has not said what did."""
    text = f":white_check_mark: {asker_of(card)} says that it is solved."
    say_what = button("Say what it was", SAY_WHAT, card.question_id)
    blocks = [section(text), actions(say_what, open_again_button(card))]
    return message(beginning_with(card, text), blocks)


def solved_card(card: QuestionCard, workspace_url: str) -> Block:
    authors = listed([mention(each) for each in dict.fromkeys(s.author_id for s in card.solutions)])
    text = f":white_check_mark: Solved by {authors}."
    shown = card.solutions[:SOLUTIONS_SHOWN]
    blocks = [section(text)]
    for solution in shown:
        blocks += quoted(solution.text, solution.files)
        blocks.append(context(where(card, solution, workspace_url)))
    if card.is_outdated:
        blocks.append(
            context(":warning: *Outdated*: somebody who knows says it is no longer true.")
        )
    elif card.is_doubted:
        blocks.append(context(":warning: Somebody says that it no longer works."))
    return message(beginning_with(card, text), [*blocks, actions(open_again_button(card))])


def reused_card(card: QuestionCard, reused: ReusedView, workspace_url: str) -> Block:
    """Nobody is named so that it calls them: they are not needed here."""
    if reused.is_gone:
        text = ":white_check_mark: Solved by an earlier answer, which was deleted since."
        return message(beginning_with(card, text), [section(text), *way_back(card)])
    address = permalink(workspace_url, reused.channel_id, reused.thread_ts)
    text = reused_line(card, reused, address)
    return message(beginning_with(card, text), [section(text), *way_back(card)])


def reused_line(card: QuestionCard, reused: ReusedView, address: str) -> str:
    if card.merged and reused.author:
        same = link(address, f"an answer of {reused.author} to the same question")
        return f":white_check_mark: Solved by {same}."
    if card.merged:
        return f":white_check_mark: Solved by {link(address, 'an answer to the same question')}."
    if reused.author:
        earlier = link(address, f"an earlier answer of {reused.author}")
        return f":white_check_mark: Solved by {earlier}."
    return f":white_check_mark: Solved by {link(address, 'an earlier answer')}."


def way_back(card: QuestionCard) -> list[Block]:
    return not_the_same(card) or [actions(open_again_button(card))]


def merged_card(card: QuestionCard, merged: MergedView, workspace_url: str) -> Block:
    other = link(permalink(workspace_url, merged.channel_id, merged.thread_ts), "another question")
    text = f":link: The same as {other}. The answer comes there."
    return message(beginning_with(card, text), [section(text), *not_the_same(card)])


def not_the_same(card: QuestionCard) -> list[Block]:
    if not card.merged:
        return []
    return [actions(button("Not the same", NOT_THE_SAME, card.question_id))]


def where(card: QuestionCard, solution: SolutionView, workspace_url: str) -> str:
    thread_ts = solution.thread_ts or card.thread_ts
    address = permalink(workspace_url, card.channel_id, solution.message_ts, thread_ts)
    reply = f"<{address}|this reply>" if address else "this reply"
    return f"From now on, `/find` finds {reply}."


def asked_by_command(question: AskedByCommand, workspace_url: str) -> Block:
    """A question that the bot posts for its asker, whom it does not call to it."""
    who = profile(workspace_url, question.asker_id, question.asker)
    blocks = [section(asks(who, question.assistant)), quote(question.text, most=2900)]
    if question.source:
        source = question.source
        address = permalink(workspace_url, question.channel_id, source.message_ts, source.thread_ts)
        blocks.append(context(f"From {link(address, 'a reply in another thread')}."))
    asker = called(question.asker_id, question.asker)
    return message(f"{asker}: {inline(question.text, 250)}", blocks)


def asks(who: str, assistant: str | None) -> str:
    """What an assistant wrote looks like it."""
    if assistant is None:
        return f"*{who}* asks:"
    return f":robot_face: *{who}* asks, through an assistant ({inline(assistant, NAME_SHOWN)}):"


FIRST_CARD = (
    "This is the first question here that I bring to somebody: this message shows how it stands, "
    "and I write no other."
)
FIRST_SOLVED = (
    "That :white_check_mark: is all it takes: whoever asks this again sees the answer first."
)


def explained(drawn: Block, card: QuestionCard) -> Block:
    """The first card of a channel, and the first solved one, say what they are."""
    if not card.is_first_here or card.merged or card.closed_why:
        return drawn
    line = FIRST_SOLVED if card.solutions else FIRST_CARD
    if card.reused or card.is_solved_elsewhere:
        return drawn
    return {**drawn, "blocks": [*drawn["blocks"], context(line)]}
