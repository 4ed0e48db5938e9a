// Block Kit: each kind of block as Slack draws it.
import { Component, html, useId } from "../vendor/preact.js";
import { Chart } from "./charts.js";
import { Element, INPUTS } from "./elements.js";
import { PlainText, Link, Text } from "./inline.js";
import { RichText } from "./rich_text.js";
import { Unknown } from "./unknown.js";

export const Blocks = ({ blocks, context }) =>
  html`<div class="bk-blocks">${blocks.map(
    (block, at) =>
      html`<${Guarded} key=${block.block_id || at} block=${block} context=${context} />`,
  )}</div>`;

// One block that cannot be drawn must not take the page with it.
class Guarded extends Component {
  componentDidCatch() {
    this.setState({ isBroken: true });
  }

  render({ block, context }, { isBroken }) {
    const Kind = Object.hasOwn(KINDS, block?.type) ? KINDS[block.type] : null;
    return html`<div class=${`bk-block bk-${block?.type}`} data-block-id=${block?.block_id}>
      ${isBroken || !Kind ? html`<${Unknown} what="block" thing=${block} />` : html`<${Kind} block=${block} context=${context} />`}
    </div>`;
  }
}

export const TextObject = ({ object, context }) =>
  object.type === "mrkdwn"
    ? html`<${Text} text=${object.text} context=${context} />`
    : html`<span class="bk-text"><${PlainText} object=${object} /></span>`;

const Section = ({ block, context }) => html`
  <div class="bk-section-text">
    ${block.text && html`<${TextObject} object=${block.text} context=${context} />`}
    ${block.fields && html`<div class="bk-fields">${block.fields.map((field) => html`<div><${TextObject} object=${field} context=${context} /></div>`)}</div>`}
  </div>
  ${block.accessory && html`<div class="bk-accessory"><${Element} element=${block.accessory} block=${block} context=${context} /></div>`}`;

const Image = ({ block, context }) => html`<figure class="bk-figure">
  ${block.title && html`<figcaption><${TextObject} object=${block.title} context=${context} /></figcaption>`}
  <img src=${block.image_url} alt=${block.alt_text} /></figure>`;

const ContextElement = ({ element, context }) =>
  element.type === "image"
    ? html`<img src=${element.image_url} alt=${element.alt_text} />`
    : html`<${TextObject} object=${element} context=${context} />`;

function Input({ block, context }) {
  const id = useId();
  const { element } = block;
  const error = context.errors?.[block.block_id];
  const isGroup = ["checkboxes", "radio_buttons"].includes(element.type);
  const label = html`<${PlainText} object=${block.label} />`;
  const described =
    [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(" ") || undefined;
  return html`
    <${isGroup ? "span" : "label"} class="bk-label" id=${`${id}-label`} for=${isGroup ? undefined : id}>${label}${block.optional && html`<small> (optional)</small>`}<//>
    <${Element} element=${element} block=${block} context=${context} id=${id} described=${described} invalid=${Boolean(error)} labelledBy=${`${id}-label`} />
    ${error && html`<p class="bk-error" id=${`${id}-error`} role="alert">${error}</p>`}
    ${block.hint && html`<p class="bk-hint" id=${`${id}-hint`}><${PlainText} object=${block.hint} /></p>`}`;
}

const Actions = ({ block, context }) =>
  block.elements.map(
    (element) =>
      html`<${Element} key=${element.action_id} element=${element} block=${block} context=${context} />`,
  );

const KINDS = {
  section: Section,
  header: ({ block }) => html`<h2><${PlainText} object=${block.text} /></h2>`,
  divider: () => html`<hr />`,
  context: ({ block, context }) =>
    block.elements.map(
      (element, at) => html`<${ContextElement} key=${at} element=${element} context=${context} />`,
    ),
  actions: Actions,
  context_actions: Actions,
  image: Image,
  data_visualization: Chart,
  input: Input,
  rich_text: RichText,
  markdown: ({ block, context }) => html`<${Text} text=${block.text} context=${context} />`,
  video: ({ block, context }) =>
    html`<${Link} url=${block.title_url || block.video_url} context=${context}>▶ <${PlainText} object=${block.title} /><//>`,
};

// What a view holds when it opens: {block_id: {action_id: value}}.
export function initialValues({ blocks, state }) {
  const values = {};
  for (const { block_id, element } of blocks.filter(({ type }) => type === "input")) {
    const kept = state?.values?.[block_id]?.[element.action_id];
    const read = INPUTS[element.type];
    if (read)
      values[block_id] = { [element.action_id]: kept ? read.kept(kept) : read.initial(element) };
  }
  return values;
}
