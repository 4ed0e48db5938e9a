// rich_text blocks: sections, quotes, code and lists.
import { html } from "../vendor/preact.js";
import { Nodes } from "./inline.js";
import { Unknown } from "./unknown.js";

const KINDS = {
  rich_text_section: ({ elements }, context) =>
    html`<p dir="auto"><${Line} elements=${elements} context=${context} /></p>`,
  rich_text_quote: ({ elements }, context) =>
    html`<blockquote class="bk-quote" dir="auto"><${Line} elements=${elements} context=${context} /></blockquote>`,
  rich_text_preformatted: ({ elements }, context) =>
    html`<pre class="bk-pre"><${Line} elements=${elements} context=${context} /></pre>`,
  rich_text_list: (
    { style, elements, indent = 0, offset = 0 },
    context,
  ) => html`<${style === "ordered" ? "ol" : "ul"}
    class=${`bk-list indent-${Math.min(indent, 8)}`} start=${style === "ordered" ? offset + 1 : undefined}>
    ${elements.map((item) => html`<li><${Line} elements=${item.elements} context=${context} /></li>`)}<//>`,
};

export const RichText = ({ block, context }) =>
  html`<div class="bk-text">${block.elements.map((part) =>
    KINDS[part.type]
      ? KINDS[part.type](part, context)
      : html`<${Unknown} what="rich text" thing=${part} />`,
  )}</div>`;

// The same nodes as mrkdwn's, so that both look alike.
export function nodeOf(element) {
  const node = bare(element);
  return ["bold", "italic", "strike"].reduce(
    (inner, style) => (element.style?.[style] ? { type: style, children: [inner] } : inner),
    node,
  );
}

function bare(element) {
  switch (element.type) {
    case "text":
      return { type: element.style?.code ? "code" : "text", text: element.text };
    case "emoji":
      return {
        type: "emoji",
        name: element.skin_tone ? `${element.name}::skin-tone-${element.skin_tone}` : element.name,
      };
    case "link":
      return { type: "link", url: element.url, label: element.text };
    case "user":
      return { type: "user", id: element.user_id, label: "" };
    case "channel":
      return { type: "channel", id: element.channel_id, label: "" };
    case "usergroup":
      return { type: "usergroup", id: element.usergroup_id, label: "" };
    case "broadcast":
      return { type: "broadcast", range: element.range };
    case "date":
      return {
        type: "date",
        at: element.timestamp * 1000,
        form: element.format,
        url: element.url,
        fallback: element.fallback,
      };
    case "color":
      return { type: "text", text: element.value };
    default:
      return { type: "text", text: JSON.stringify(element) };
  }
}

const Line = ({ elements, context }) =>
  html`<${Nodes} nodes=${elements.map(nodeOf)} context=${context} />`;
