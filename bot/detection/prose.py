"""From Slack's wire form to the sentences that the author wrote."""

import re
from collections.abc import Iterator

from bot.detection.phrases import LEAD_INS

CODE_BLOCKS = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
SAID_BY_OTHERS = re.compile(r"“[^”\n]{1,300}”|(?<!\w)\"[^\"\n]{1,300}\"")
ASIDES = re.compile(r"\([^()]{0,300}\)")
CODE = re.compile(r"`[^`\n]+`")
QUOTED_REST = re.compile(r"(?m)^[ \t]*(?:&gt;|>){3}(?s:.*)")
QUOTED_LINES = re.compile(r"(?m)^[ \t]*(?:&gt;|>).*$")
MENTION = re.compile(r"<@[^<>\s]*>")
NAMED = re.compile(r"<#[^<>\n]*>")
BROADCASTS = re.compile(r"<![^<>\n]*>")
LINKS = re.compile(r"<[a-z][a-z0-9+.-]{0,20}:[^<>\n]*>|\bhttps?://\S+", re.IGNORECASE)
QUESTION_EMOJI = re.compile(r":(?:grey_)?question:|[❓❔？؟⁇]")
EMOJI = re.compile(r":[a-z0-9_+'-]+(?:::skin-tone-\d)?:")
REPEATED_MARKS = re.compile(r"[?!]{2,}")
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0f\ufeff]"
)
ABBREVIATIONS = re.compile(r"\b(?:e\.g|i\.e|etc|vs|z\.b|p\. ?ex|resp|approx)\.")
SENTENCE_ENDS = re.compile(r"(?<=[.!?…:;])[\"')\]”*_~]*\s+|\n\s*|(?<=[。！])")
ADDRESSED = re.compile(r"\A\s*(?:<@[^<>\s]*>[\s,:;]*)+")


def prose_of(text: str) -> str:
    """What the author said in their own words, in lower case."""
    text = INVISIBLE.sub(" ", CODE_BLOCKS.sub("\n", text))
    text = SAID_BY_OTHERS.sub("quotation", CODE.sub("code", text))
    text = QUOTED_LINES.sub("", QUOTED_REST.sub("", text))
    text = BROADCASTS.sub("", NAMED.sub("channel", LINKS.sub("link", text)))
    text = MENTION.sub("colleague", ADDRESSED.sub("", text, count=1))
    text = EMOJI.sub("", QUESTION_EMOJI.sub("?", text))
    text = ASIDES.sub(" ", text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    text = ABBREVIATIONS.sub("", text.replace("’", "'").lower())
    return REPEATED_MARKS.sub(lambda marks: "?" if "?" in marks[0] else "!", text)


def sentences_of(prose: str) -> Iterator[str]:
    """The sentences without greetings and other lead-ins."""
    for sentence in SENTENCE_ENDS.split(prose):
        sentence = " ".join(sentence.split()).strip(" *_~\"'“”()[]-•")
        while lead_in := LEAD_INS.match(sentence):
            sentence = sentence[lead_in.end() :]
        if sentence:
            yield sentence
