"""The solved questions that an asker privately sees before anybody is asked."""

from collections.abc import Sequence

from bot.finding.find import Result
from bot.questions.suggestions import Suggestions
from handlers.blocks.files import file_line
from handlers.blocks.finding.find import evidence, solution_blocks
from handlers.blocks.text import (
    Block,
    actions,
    button,
    divider,
    link,
    listed,
    mention,
    message,
    permalink,
    section,
)
from handlers.blocks.text import context as small

THIS, NONE, STILL_OPEN = "suggestion_right", "suggestions_wrong", "still_open"
ASKING = "I am asking the experts now."


def suggestions_message(shown: Suggestions, workspace_url: str) -> Block:
    number = len(shown.results)
    like = "This solved question looks" if number == 1 else "These solved questions look"
    text = f"{like} like yours. Does it help, before I ask anybody?"
    blocks = [section(text)]
    for result in shown.results:
        blocks += [divider(), *suggestion(result, shown.question_id, workspace_url)]
    none = "Not it, ask the experts" if number == 1 else "None of these, ask the experts"
    blocks += [divider(), actions(button(none, NONE, shown.question_id))]
    blocks.append(small("Only you see this. In two minutes I ask the experts anyway."))
    return message(text, blocks)


def suggestion(result: Result, question_id: int, workspace_url: str) -> list[Block]:
    asked = result.link or permalink(workspace_url, result.channel_id, result.thread_ts)
    this = button("This solved it", THIS, f"{question_id}:{result.question_id}", style="primary")
    return [
        section(f"*{link(asked, result.question, 200)}*"),
        *file_line(result.files),
        *solution_blocks(result),
        small(evidence(result, workspace_url)),
        actions(this),
    ]


def accepted(credited: Sequence[str], question_id: int) -> Block:
    names = listed([mention(user_id) for user_id in credited])
    text = f"Good. {names} gets the credit, and nobody was disturbed."
    return message(
        text, [section(text), actions(button("It is still open", STILL_OPEN, question_id))]
    )
