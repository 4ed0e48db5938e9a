// Inline nodes, from mrkdwn or from rich_text, as they are seen; and as plain text.
import { html } from "../vendor/preact.js";
import emoji from "../vendor/emoji.js";
import { dateText } from "./dates.js";
import { parse } from "./mrkdwn.js";

const TAGS = { bold: "b", italic: "i", strike: "s" };

export function emojiOf(name) {
  const [base, tone] = name.split("::skin-tone-");
  const sign = emoji[base];
  if (!sign) return `:${name}:`;
  return tone ? sign + String.fromCodePoint(0x1f3f9 + Number(tone)) : sign;
}

export function Text({ text, context }) {
  return html`<div class="bk-text">${parse(text).map((paragraph) => html`<${Paragraph} paragraph=${paragraph} context=${context} />`)}</div>`;
}

function Paragraph({ paragraph, context }) {
  if (paragraph.type === "pre") return html`<pre class="bk-pre">${paragraph.text}</pre>`;
  const lines = paragraph.lines.map(
    (nodes, at) => html`${at > 0 && html`<br />`}<${Nodes} nodes=${nodes} context=${context} />`,
  );
  const tag = paragraph.type === "quote" ? "blockquote" : "p";
  return html`<${tag} class=${tag === "blockquote" ? "bk-quote" : undefined} dir="auto">${lines}<//>`;
}

export const Nodes = ({ nodes, context }) =>
  nodes.map((node, at) => html`<${Node} key=${at} node=${node} context=${context} />`);

function Node({ node, context }) {
  if (TAGS[node.type])
    return html`<${TAGS[node.type]}><${Nodes} nodes=${node.children} context=${context} /><//>`;
  switch (node.type) {
    case "text":
      return node.text;
    case "code":
      return html`<code class="bk-code">${node.text}</code>`;
    case "emoji":
      return html`<span class="bk-emoji" role="img" aria-label=${node.name}>${emojiOf(node.name)}</span>`;
    case "link":
      return html`<${Link} url=${node.url} context=${context}>${node.label || node.url.replace(/^mailto:/, "")}<//>`;
    case "date":
      return node.url
        ? html`<${Link} url=${node.url} context=${context}>${dateText(node, context)}<//>`
        : dateText(node, context);
    case "channel":
      return html`<${Channel} node=${node} context=${context} />`;
    default:
      return html`<span class=${`bk-mention ${node.type === "user" && node.id === context.me ? "me" : ""}`}>${plainNode(node, context)}</span>`;
  }
}

function Channel({ node, context }) {
  const name = context.channelName(node.id);
  if (!name) return html`<span class="bk-mention">🔒 private channel</span>`;
  return html`<button type="button" class="bk-mention" onClick=${() => context.openChannel(node.id)}>#${name}</button>`;
}

export function Link({ url, context, children, ...rest }) {
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return html`<span>${children}</span>`;
  return html`<a class="bk-link" href=${url} target="_blank" rel="noopener noreferrer" ...${rest}
    onClick=${(event) => context.openLink(url, event)}>${children}</a>`;
}

export function PlainText({ object, context }) {
  if (typeof object?.text !== "string") return null;
  if (object.emoji === false) return object.text;
  return object.text.replace(/:([a-z0-9_+'-]{1,64}(?:::skin-tone-[2-6])?):/g, (whole, name) =>
    emojiOf(name),
  );
}

export function plainNode(node, context) {
  switch (node.type) {
    case "user":
      return `@${context.userName(node.id) || node.label || node.id}`;
    case "usergroup":
      return `@${context.groupHandle(node.id) || node.label.replace(/^@/, "") || node.id}`;
    case "broadcast":
      return `@${node.range}`;
    case "channel":
      return `#${context.channelName(node.id) || "private channel"}`;
    case "emoji":
      return emojiOf(node.name);
    case "link":
      return node.label || node.url;
    case "date":
      return dateText(node, context);
    default:
      return node.children
        ? node.children.map((child) => plainNode(child, context)).join("")
        : (node.text ?? "");
  }
}

export const mrkdwnToPlain = (text, context) =>
  parse(text)
    .map(
      (paragraph) =>
        paragraph.text ??
        paragraph.lines
          .map((nodes) => nodes.map((node) => plainNode(node, context)).join(""))
          .join("\n"),
    )
    .join("\n");
