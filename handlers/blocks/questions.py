"""What people see of a question: its card, and the message of a question from /ask."""

from bot.cards import AskedByCommand, QuestionCard, ReusedView, SolutionView
from handlers.blocks.text import (
    Block,
    actions,
    button,
    context,
    count,
    escape,
    link,
    listed,
    mention,
    message,
    permalink,
    quote,
    section,
)

CLAIM, PASS, NOT_A_QUESTION = "claim_question", "pass_question", "not_a_question"
SOLUTIONS_SHOWN = 3


def question_card(card: QuestionCard, workspace_url: str) -> Block:
    """The one message the bot keeps in a question's thread."""
    if card.solutions:
        return solved_card(card, workspace_url)
    if card.reused:
        return reused_card(card, card.reused, workspace_url)
    text = headline(card)
    return message(text, [section(text), context(next_step(card)), buttons(card)])


def headline(card: QuestionCard) -> str:
    about = f" about *{escape(card.topic)}*" if card.topic else ""
    if card.claimed_by:
        return f":raised_hand: {mention(card.claimed_by)} is on it."
    if card.asked_ids:
        asked = listed([mention(user_id) for user_id in card.asked_ids])
        return f":eyes: {asked}, can you help with this question{about}?"
    return f":eyes: Who can help with this question{about}?"


def next_step(card: QuestionCard) -> str:
    asker = mention(card.asker_id)
    if card.answers:
        replies = count(card.answers, "reply", "replies")
        return f"{replies} so far. {asker}, put :white_check_mark: on the one that worked."
    if card.claimed_by:
        return f"Others are welcome to reply too. {asker}, put :white_check_mark: on what worked."
    return f"Anybody can reply here. {asker}, put :white_check_mark: on the reply that worked."


def buttons(card: QuestionCard) -> Block:
    value = card.question_id
    claim = [] if card.claimed_by else [button("I'll take it", CLAIM, value, style="primary")]
    return actions(
        *claim,
        button("Not me", PASS, value),
        button("Not a question", NOT_A_QUESTION, value),
    )


def solved_card(card: QuestionCard, workspace_url: str) -> Block:
    authors = listed([mention(each) for each in dict.fromkeys(s.author_id for s in card.solutions)])
    text = f":white_check_mark: Solved by {authors}."
    shown = card.solutions[:SOLUTIONS_SHOWN]
    blocks = [section(text)]
    for solution in shown:
        blocks.append(quote(solution.text))
        blocks.append(context(where(card, solution, workspace_url)))
    if card.is_outdated:
        blocks.append(context(":warning: *Outdated*: who knows says that it is true no more."))
    elif card.is_doubted:
        blocks.append(context(":warning: Somebody says that it no longer works. I am asking."))
    return message(text, blocks)


def reused_card(card: QuestionCard, reused: ReusedView, workspace_url: str) -> Block:
    """Nobody is named so that it calls them: they are not needed here."""
    address = permalink(workspace_url, reused.channel_id, reused.thread_ts)
    what = link(address, f"an earlier answer of {reused.author}") if reused.author else ""
    text = f":white_check_mark: Solved by {what or 'an earlier answer'}."
    return message(text, [section(text)])


def where(card: QuestionCard, solution: SolutionView, workspace_url: str) -> str:
    address = permalink(workspace_url, card.channel_id, solution.message_ts, card.thread_ts)
    reply = f"<{address}|this reply>" if address else "this reply"
    return f"From now on, `/find` finds {reply}."


def asked_by_command(question: AskedByCommand) -> Block:
    """A question from /ask, in the asker's name-mention."""
    text = f"{mention(question.asker_id)} asks:"
    return message(text, [section(text), quote(question.text, most=2900)])
