// One message: who, when, what, its reactions, and what can be done with it.
import { Component, html, useState } from "./vendor/preact.js";
import { Blocks, emojiOf, Text } from "./blocks/index.js";
import { Composer } from "./composer.js";
import { openForm } from "./form.js";
import { Avatar, IconButton, Item, Menu } from "./parts.js";
import { contextFor, nameOf, permalinkOf } from "./names.js";
import { ReactionPicker } from "./reactions.js";
import {
  act,
  attempt,
  channels,
  edit,
  editing,
  me,
  openThread,
  overview,
  place,
  say,
  users,
} from "./store.js";
import { ago, clockTime, fullTime, momentOf } from "./times.js";

const LONG = 3000; // characters shown before "Show all"
const DONE = "white_check_mark";

// A channel has thousands of these; only those that changed are drawn again.
export class Message extends Component {
  shouldComponentUpdate(next) {
    const { message, isTogether } = this.props;
    return next.message !== message || next.isTogether !== isTogether;
  }

  render({ message, channelId, isTogether }) {
    return html`<${Row} message=${message} channelId=${channelId} isTogether=${isTogether} />`;
  }
}

function Row({ message, channelId, isTogether }) {
  const author = users.value.get(message.user);
  const at = momentOf(message.ts);
  const inThread = place.value.thread === (message.thread_ts || message.ts);
  if (["channel_join", "channel_leave", "channel_name"].includes(message.subtype)) {
    return html`<div class="message quiet" data-ts=${message.ts}><${Text} text=${message.text} context=${contextFor({})} /></div>`;
  }
  const classes = [
    "message",
    isTogether && "together",
    message.is_ephemeral && "private",
    inThread && "in-thread",
  ];
  return html`<article class=${classes.filter(Boolean).join(" ")} data-ts=${message.ts} tabindex="-1"
    aria-label=${`${message.username || nameOf(message.user) || "Deleted"}, ${clockTime(at)}`}>
    ${
      message.is_ephemeral &&
      html`<p class="only-you">Only visible to you
      <button type="button" class="link" onClick=${() => attempt(act("dismiss", { channel: channelId, ts: message.ts }))}>Dismiss</button></p>`
    }
    <div class="side">${isTogether ? html`<time class="aside" title=${fullTime(at)}>${clockTime(at)}</time>` : html`<${Avatar} user=${author} />`}</div>
    <div class="content">
      ${
        !isTogether &&
        html`<p class="head"><strong>${author?.real_name || message.username || "Slackbot"}</strong>
        ${(author?.is_bot || message.username) && html`<span class="app-mark">APP</span>`}
        <time title=${fullTime(at)} datetime=${new Date(at).toISOString()}>${clockTime(at)}</time></p>`
      }
      ${
        editing.value?.ts !== message.ts
          ? html`<${Body} message=${message} channelId=${channelId} />`
          : html`<${Composer} channelId=${channelId} editTs=${message.ts} text=${editing.value.text} label="Edit the message" onDone=${() => {
              editing.value = null;
            }} />`
      }
      <${Attached} message=${message} />
      <${Reactions} message=${message} channelId=${channelId} />
      ${message.reply_count > 0 && !inThread && html`<${Replies} message=${message} channelId=${channelId} />`}
    </div>
    ${!message.is_ephemeral && message.subtype !== "tombstone" && html`<${Tools} message=${message} channelId=${channelId} />`}
  </article>`;
}

function Body({ message, channelId }) {
  const [isWhole, setWhole] = useState(false);
  const context = contextFor({ target: message.ts, channel: channelId });
  if (message.subtype === "tombstone") return html`<p class="gone">This message was deleted.</p>`;
  if (message.blocks?.length && !isDerived(message))
    return html`<${Blocks} blocks=${message.blocks} context=${context} />`;
  const isLong = message.text.length > LONG && !isWhole;
  return html`<${Text} text=${isLong ? `${message.text.slice(0, LONG)}…` : message.text} context=${context} />
    ${isLong && html`<button type="button" class="link" onClick=${() => setWhole(true)}>Show all ${message.text.length.toLocaleString("en")} characters</button>`}
    ${message.edited && html`<small class="edited">(edited)</small>`}`;
}

// What was forwarded, and the files by their names: the local Slack keeps no content of theirs.
function Attached({ message }) {
  const shared = (message.attachments || []).filter(({ is_share: isShare }) => isShare);
  return html`${shared.map(
    (each) =>
      html`<blockquote class="forwarded"><${Text} text=${each.text} context=${contextFor({})} /></blockquote>`,
  )}${(message.files || []).map(
    ({ id, mode, title }) =>
      html`<p key=${id} class="file">${mode === "tombstone" ? "This file was deleted." : `📎 ${title}`}</p>`,
  )}`;
}

// The block that Slack makes of a plain text; the text itself says more, such as what is bold.
const isDerived = ({ blocks, ts }) => blocks.length === 1 && blocks[0].block_id === ts.slice(-5);

export async function toggleReaction(channelId, message, name) {
  const mine = message.reactions?.find((each) => each.name === name)?.users.includes(me.value.id);
  await attempt(act(mine ? "unreact" : "react", { channel: channelId, ts: message.ts, name }));
}

function Reactions({ message, channelId }) {
  if (!message.reactions?.length) return null;
  return html`<div class="reactions">${message.reactions.map(
    ({ name, users: who }) => html`<button
    key=${name} type="button" class="reaction" aria-pressed=${who.includes(me.value.id)}
    title=${`${who.map(nameOf).join(", ")}: ${name}`} aria-label=${`${name}, ${who.length}`}
    onClick=${() => toggleReaction(channelId, message, name)}>${emojiOf(name)} <span>${who.length}</span></button>`,
  )}</div>`;
}

function Replies({ message, channelId }) {
  const count = message.reply_count;
  return html`<button type="button" class="replies" onClick=${() => openThread(channelId, message.ts)}>
    ${message.reply_users.map((id) => html`<${Avatar} key=${id} user=${users.value.get(id)} small />`)}
    <span class="count">${count} ${count === 1 ? "reply" : "replies"}</span>
    <span class="when">Last reply ${ago(momentOf(message.latest_reply))}</span>
  </button>`;
}

function Tools({ message, channelId }) {
  const isMine = message.user === me.value.id;
  const root = message.thread_ts || message.ts;
  const react = (name) => toggleReaction(channelId, message, name);
  const run = (shortcut) =>
    attempt(
      act("shortcut", { callback_id: shortcut.callback_id, channel: channelId, ts: message.ts }),
    );
  const copy = async () => {
    await navigator.clipboard?.writeText(permalinkOf(channelId, message));
    say("The link is copied.");
  };
  const remove = () =>
    confirm("Delete this message?") &&
    attempt(act("delete", { channel: channelId, ts: message.ts }));
  const app = users.value.get(overview.value.bot).real_name;
  return html`<div class="tools" role="toolbar" aria-label="Message actions">
    <${IconButton} label="React with ✅" onClick=${() => react(DONE)}>✅<//>
    <${Menu} label="Add a reaction" face="☺">${(close) => html`<${ReactionPicker} onPick=${(name) => (close(), react(name))} />`}<//>
    <${IconButton} label="Reply in the thread" onClick=${() => openThread(channelId, root)}>💬<//>
    <${Menu} label="More actions" face="⋯">${(close) => html`
      ${overview.value.shortcuts.map((each) => html`<${Item} key=${each.callback_id} hint=${app} onClick=${() => (close(), run(each))}>${each.name}<//>`)}
      <${Item} onClick=${() => (close(), share(channelId, message))}>Share message …<//>
      <${Item} onClick=${() => (close(), copy())}>Copy link<//>
      ${
        isMine &&
        html`<${Item} onClick=${() => (close(), edit(channelId, message.ts))}>Edit message<//>
        <${Item} danger onClick=${() => (close(), remove())}>Delete message<//>`
      }`}<//>
  </div>`;
}

function share(channelId, message) {
  const joined = [...channels.value.values()].filter(
    (each) => each.is_member && each.kind !== "im",
  );
  openForm({
    title: "Share message",
    submit: "Share",
    fields: [
      {
        name: "to",
        label: "Where",
        type: "select",
        value: joined[0]?.id,
        options: joined.map(({ id, name }) => [id, `#${name}`]),
      },
      { name: "text", label: "Your words", type: "long", isOptional: true },
    ],
    onSubmit: (given) => act("forward", { channel: channelId, ts: message.ts, ...given }),
  });
}
