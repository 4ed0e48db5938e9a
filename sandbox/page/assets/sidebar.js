// The channels, conversations and the app, with what is new in them.
import { html } from "./vendor/preact.js";
import { channelTitle } from "./names.js";
import { openForm } from "./form.js";
import { IconButton } from "./parts.js";
import {
  act,
  ask,
  attempt,
  counts,
  go,
  isDrawerOpen,
  me,
  openChannel,
  overview,
  place,
  users,
} from "./store.js";

export function Sidebar() {
  const all = overview.value.channels;
  const named = (a, b) => a.name.localeCompare(b.name);
  const joined = all
    .filter((each) => each.is_member && ["channel", "group"].includes(each.kind))
    .sort(named);
  const others = all.filter((each) => !each.is_member && each.kind === "channel").sort(named);
  const direct = all.filter((each) => each.kind === "im" && users.value.get(each.with)?.is_bot);
  return html`<nav class=${`sidebar ${isDrawerOpen.value ? "open" : ""}`} aria-label="Channels">
    <h2>Channels <${IconButton} label="Add a channel" onClick=${addChannel}>+<//></h2>
    <ul>${joined.map((each) => html`<${Row} key=${each.id} channel=${each} />`)}</ul>
    ${
      others.length > 0 &&
      html`<h2>Other channels</h2>
      <ul>${others.map((each) => html`<${Row} key=${each.id} channel=${each} />`)}</ul>`
    }
    <h2>Apps</h2>
    <ul>
      <li><button type="button" aria-current=${place.value.channel === "home" ? "page" : undefined}
        onClick=${openHome}><span class="sign">⌂</span><span class="name">${users.value.get(overview.value.bot).real_name} Home</span></button></li>
      ${direct.map((each) => html`<${Row} key=${each.id} channel=${each} />`)}
    </ul>
  </nav>`;
}

function Row({ channel }) {
  const { unread = 0, mentions = 0 } = counts.value[channel.id] || {};
  const isHere = place.value.channel === channel.id;
  const isNew = !isHere && unread > 0;
  const title = channelTitle(channel);
  const said = [
    title,
    channel.kind === "group" && "private",
    unread && `${unread} unread`,
    mentions && `${mentions} for you`,
  ];
  return html`<li><button type="button" class=${isNew ? "new" : ""} aria-current=${isHere ? "page" : undefined}
    aria-label=${said.filter(Boolean).join(", ")} onClick=${() => openChannel(channel.id)}>
    <span class="sign" aria-hidden="true">${{ group: "🔒", im: "💬" }[channel.kind] || "#"}</span>
    <span class="name">${title}</span>
    ${mentions > 0 && html`<span class="badge">${mentions}</span>`}
  </button></li>`;
}

export function openHome() {
  go({ channel: "home", thread: "" });
  attempt(act("open_home"));
}

function addChannel() {
  openForm({
    title: "Add a channel",
    submit: "Add",
    fields: [
      { name: "name", label: "Name" },
      { name: "is_private", label: "Private", type: "check", value: false },
    ],
    onSubmit: async ({ name, is_private }) => {
      const made = await ask("/sandbox/channels", {
        name: name.trim().toLowerCase().replace(/^#/, "").replace(/\s+/g, "-"),
        members: [me.value.id],
        is_private,
      });
      go({ channel: made.id, thread: "" });
    },
  });
}
