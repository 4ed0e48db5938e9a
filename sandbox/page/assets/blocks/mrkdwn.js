// Slack's mrkdwn as a tree of plain data. Linear in the text, however hostile it is.
//
// Paragraphs: {type: "lines" | "quote", lines: [[node]]} and {type: "pre", text}.
// Nodes: text, emoji, code, bold, italic, strike, link, user, channel, usergroup, broadcast, date.

const MARKS = { "*": "bold", _: "italic", "~": "strike" };
const HOLD = "\uE000"; // stands for a link, an emoji or code while the marks around are read
const ATOM = /<([^<>\n]{1,4000})>|`([^`\n]+)`|:([a-z0-9_+'-]{1,64}(?:::skin-tone-[2-6])?):/gi;

export function parse(text) {
  const paragraphs = [];
  let rest = String(text ?? "").replaceAll(HOLD, "\uFFFD");
  for (;;) {
    const open = rest.indexOf("```");
    const close = open < 0 ? -1 : rest.indexOf("```", open + 3);
    if (close < 0 || close === open + 3) {
      paragraphs.push(...prose(rest));
      return paragraphs;
    }
    paragraphs.push(...prose(rest.slice(0, open).replace(/\n$/, "")));
    const code = rest.slice(open + 3, close).replace(/^\n|\n$/g, "");
    paragraphs.push({ type: "pre", text: decode(code.replace(/<([^<>|]*)(?:\|[^<>]*)?>/g, "$1")) });
    rest = rest.slice(close + 3).replace(/^\n/, "");
  }
}

export const decode = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

function prose(text) {
  const paragraphs = [];
  let quotesAll = false;
  if (text === "") return paragraphs;
  for (const line of text.split("\n")) {
    const quoted = line.match(/^(?:&gt;|>)((?:&gt;|>){2})? ?/);
    quotesAll ||= Boolean(quoted?.[1]);
    const type = quoted || quotesAll ? "quote" : "lines";
    const nodes = inline(quoted ? line.slice(quoted[0].length) : line);
    if (paragraphs.at(-1)?.type === type) paragraphs.at(-1).lines.push(nodes);
    else paragraphs.push({ type, lines: [nodes] });
  }
  return paragraphs;
}

function inline(line) {
  const atoms = [];
  const held = line.replace(ATOM, (whole, markup, code, emoji) => {
    atoms.push(atomOf(whole, markup, code, emoji));
    return HOLD;
  });
  return marked(held, closersOf(held), 0, held.length, atoms.values(), "");
}

function atomOf(whole, markup, code, emoji) {
  if (code) return { type: "code", text: decode(code) };
  if (emoji) return { type: "emoji", name: emoji.toLowerCase() };
  return markupOf(whole, markup);
}

function markupOf(whole, markup) {
  const bar = markup.indexOf("|");
  const target = bar < 0 ? markup : markup.slice(0, bar);
  const label = bar < 0 ? "" : decode(markup.slice(bar + 1));
  const [sign, id] = [target[0], target.slice(1)];
  if (sign === "@") return { type: "user", id, label };
  if (sign === "#") return { type: "channel", id, label };
  if (sign === "!") return specialOf(id, label);
  const url = decode(target);
  if (/^(https?:\/\/|mailto:)/i.test(url)) return { type: "link", url, label };
  return { type: "text", text: decode(whole) };
}

function specialOf(id, label) {
  const [kind, ...fields] = id.split("^");
  if (kind === "date")
    return {
      type: "date",
      at: Number(fields[0]) * 1000,
      form: fields[1] || "",
      url: fields[2] || "",
      fallback: label,
    };
  if (kind === "subteam") return { type: "usergroup", id: fields[0], label };
  return { type: "broadcast", range: kind };
}

// Where each mark may close: after something, and not before a letter.
function closersOf(text) {
  const closers = { "*": [], _: [], "~": [] };
  for (let at = 1; at < text.length; at += 1) {
    const mark = text[at];
    if (mark in closers && !isSpace(text[at - 1]) && text[at - 1] !== mark && !isWord(text[at + 1]))
      closers[mark].push(at);
  }
  return closers;
}

function marked(text, closers, start, end, atoms, open) {
  const nodes = [];
  let plain = start;
  const flush = (to) =>
    to > plain && nodes.push({ type: "text", text: decode(text.slice(plain, to)) });
  for (let at = start; at < end; at += 1) {
    const letter = text[at];
    if (letter === HOLD) {
      flush(at);
      nodes.push(atoms.next().value);
      plain = at + 1;
    } else if (
      letter in MARKS &&
      !open.includes(letter) &&
      !isWord(text[at - 1]) &&
      !isSpace(text[at + 1]) &&
      text[at + 1] !== letter
    ) {
      const close = firstAfter(closers[letter], at + 1);
      if (close === undefined || close >= end) continue;
      flush(at);
      const children = marked(text, closers, at + 1, close, atoms, open + letter);
      nodes.push({ type: MARKS[letter], children });
      at = close;
      plain = close + 1;
    }
  }
  flush(end);
  return nodes;
}

function firstAfter(sorted, from) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > from) high = middle;
    else low = middle + 1;
  }
  return sorted[low];
}

const isSpace = (letter) => letter === undefined || /\s/.test(letter);
const isWord = (letter) =>
  letter !== undefined && letter !== "_" && letter !== HOLD && /[\p{L}\p{N}]/u.test(letter);
