"""From Slack's wire form to the sentences that the author wrote."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# What is read of a message: Slack takes no more than 40,000 characters; of what remains without
# code and quotations the beginning, and the end, where the question after a long log stands.
LOOK_AT_CHARACTERS = 40_000
LOOK_AT_BEGINNING, LOOK_AT_END = 2_500, 1_500

CODE_BLOCKS = re.compile(r"```(.*?)(?:```|\Z)", re.DOTALL)
SAID_BY_OTHERS = re.compile(r"[“„][^“”„\n]{1,300}[”“]|«[^«»\n]{1,300}»|(?<!\w)\"[^\"\n]{1,300}\"")
ASIDES = re.compile(r"\([^()]{0,300}\)")
CODE = re.compile(r"`[^`\n]+`")
STRUCK = re.compile(r"(?<![\w~])~[^~\n]{1,1000}~(?![\w~])")
QUOTED_REST = re.compile(r"(?m)^[ \t]*(?:&gt;|>){3}(?s:.*)")
QUOTED_LINES = re.compile(r"(?m)^[ \t]*(?:&gt;|>).*$")
MENTION = re.compile(r"<@[^<>\s]*>")
NAMED = re.compile(r"<#[^<>\n]*>")
BROADCASTS = re.compile(r"<![^<>\n]*>|(?<!\w)@(?:here|channel|everyone)\b")
LINKS = re.compile(r"<[a-z][a-z0-9+.-]{0,20}:[^<>\n]*>|\bhttps?://\S+", re.IGNORECASE)
QUESTION_EMOJI = re.compile(r":(?:grey_)?question:|[❓❔？؟⁇;](?=\s*$)|[❓❔？؟⁇]")
EMOJI = re.compile(r":([a-z0-9_+'-]+)(?:::skin-tone-\d)?:")
PICTURES = {
    "🙄": "roll_eyes",
    "😒": "unamused",
    "🙃": "upside_down_face",
    "😑": "expressionless",
    "👏": "clap",
    "🙏": "pray",
    "🎉": "tada",
    "🥳": "tada",
    "👍": "+1",
    "❤": "heart",
    "✋": "raised_hand",
}
REPEATED_MARKS = re.compile(r"[?!。！？]{2,}")
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff]"
)
ABBREVIATIONS = re.compile(
    r"\b(?:e\.g|i\.e|etc|vs|z\.b|p\. ?ex|resp|approx|nr|no|bzw|ca|inkl)\.(?= ?[\w(])"
)
SENTENCE_ENDS = re.compile(
    r"(?<=[.!?…:;])[\"')\]”*_~]*\s+|\n\s*|(?<=[。！？!?])(?=[^\s\w!?.,:;)\"'”]|[\u3040-\u9fff\uac00-\ud7af])"
)
ADDRESSED = re.compile(r"\A\s*(?:<@[^<>\s]*>[\s,:;]*)+")
MARKS = ".!?:;…。！"
AROUND = " *_~\"'“”„«»()[]-–•·"


@dataclass(frozen=True, slots=True)
class Prose:
    text: str  # what the author said in their own words, in lower case
    code: str  # what stood in code blocks
    emoji: frozenset[str]  # their names
    is_addressed: bool  # begins with a mention


def prose_of(text: str) -> Prose:
    text = both_ends(text, LOOK_AT_CHARACTERS // 2, LOOK_AT_CHARACTERS // 2)
    code = "\n".join(CODE_BLOCKS.findall(text)) if "```" in text else ""
    text = INVISIBLE.sub(" ", CODE_BLOCKS.sub("\n", text))
    text = SAID_BY_OTHERS.sub(" quotation ", CODE.sub(" code ", text))
    text = QUOTED_LINES.sub("", QUOTED_REST.sub("", text))
    is_addressed = ADDRESSED.match(text) is not None
    if "<" in text or "http" in text or "@" in text:
        text = BROADCASTS.sub("", NAMED.sub(" channel ", LINKS.sub(" link ", text)))
        text = MENTION.sub(" @ ", ADDRESSED.sub("", text, count=1))
    text = QUESTION_EMOJI.sub("?", text)
    emoji = frozenset(EMOJI.findall(text)) if ":" in text else frozenset[str]()
    if not text.isascii():
        emoji |= {name for picture, name in PICTURES.items() if picture in text}
    text = STRUCK.sub(" ", ASIDES.sub(" ", EMOJI.sub(" ", text)))
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    text = both_ends(text, LOOK_AT_BEGINNING, LOOK_AT_END)
    text = ABBREVIATIONS.sub(" ", text.replace("’", "'").lower())
    text = REPEATED_MARKS.sub(
        lambda marks: "?" if "?" in marks[0] or "？" in marks[0] else "!", text
    )
    return Prose(text, code[:LOOK_AT_CHARACTERS], emoji, is_addressed)


def sentences_of(prose: str) -> Iterator[tuple[str, str]]:
    """Each sentence and the mark that it ends in, or nothing."""
    for sentence in SENTENCE_ENDS.split(prose):
        sentence = sentence.strip(AROUND + "\t\n")
        if sentence:
            yield sentence, sentence[-1] if sentence[-1] in MARKS else ""


def both_ends(text: str, beginning: int, end: int) -> str:
    if len(text) <= beginning + end:
        return text
    return f"{text[:beginning]}\n{text[-end:]}"
