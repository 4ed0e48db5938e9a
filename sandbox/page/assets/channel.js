// One channel: its messages from the newest up, and the composer.
import { html, useEffect, useLayoutEffect, useRef } from "./vendor/preact.js";
import { Composer } from "./composer.js";
import { Message } from "./message.js";
import { channelTitle } from "./names.js";
import {
  ask,
  attempt,
  channel,
  counts,
  loadOlder,
  markRead,
  me,
  overview,
  timelineOf,
} from "./store.js";
import { useStops } from "./stops.js";
import { dayKey, dayName, momentOf } from "./times.js";

const NEAR = 120; // pixels from the bottom that still count as being there
const TOGETHER = 300; // seconds in which messages of one author stand together

export function ChannelPane() {
  const here = channel.value;
  const { messages, isComplete } = timelineOf(here.id).value;
  const list = useRef();
  const newSince = useRef(here.last_read);
  useStickToBottom(list, messages);
  useStops(list);
  useReading(here.id, list, messages);
  const onScroll = ({ target }) => target.scrollTop < 600 && loadOlder(here.id);
  return html`<main class="pane channel" aria-label=${channelTitle(here)}>
    <header class="title">
      <h1>${here.kind === "im" ? "" : here.kind === "group" ? "🔒 " : "# "}${channelTitle(here)}</h1>
      <span class="members">${here.kind !== "im" && `${here.members.length} members`}${here.is_shared ? " · shared with another company" : ""}</span>
    </header>
    <div class="messages" ref=${list} onScroll=${onScroll} role="log" aria-label="Messages" tabindex="0">
      <div>
        ${messages && isComplete && html`<p class="beginning">This is the very beginning of ${channelTitle(here)}.</p>`}
        ${messages && rows(messages, here, newSince.current)}
      </div>
    </div>
    <${Foot} here=${here} />
  </main>`;
}

function Foot({ here }) {
  if (!here.is_member) {
    const join = () =>
      attempt(ask("/sandbox/change", { change: "join", user: me.value.id, channel: here.id }));
    return html`<div class="foot"><p>You are looking at #${here.name} from outside.</p>
      <button type="button" class="primary" onClick=${join}>Join channel</button></div>`;
  }
  if (here.is_archived) return html`<div class="foot"><p>This channel is archived.</p></div>`;
  if (here.kind === "im" && overview.value.read_only_dm) {
    return html`<div class="foot"><p>What the app has for you alone arrives here. It reads no messages.</p></div>`;
  }
  return html`<${Composer} channelId=${here.id} label=${`Message ${here.kind === "im" ? channelTitle(here) : `#${here.name}`}`} />`;
}

export function rows(messages, here, newSince) {
  const shown = [];
  let before = null;
  for (const message of messages) {
    const at = momentOf(message.ts);
    const isNewDay = !before || dayKey(momentOf(before.ts)) !== dayKey(at);
    if (isNewDay)
      shown.push(
        html`<div class="day" key=${`day-${message.ts}`} role="separator"><span>${dayName(at)}</span></div>`,
      );
    const isFirstNew =
      newSince &&
      before &&
      before.ts <= newSince &&
      message.ts > newSince &&
      message.user !== me.value.id;
    if (isFirstNew)
      shown.push(html`<div class="new-line" key="new" role="separator"><span>New</span></div>`);
    const isTogether = !isNewDay && !isFirstNew && standTogether(before, message);
    shown.push(
      html`<${Message} key=${message.ts} message=${message} channelId=${here.id} isTogether=${isTogether} />`,
    );
    before = message;
  }
  return shown;
}

const standTogether = (before, message) =>
  before.user === message.user &&
  !message.subtype &&
  !before.subtype &&
  !message.is_ephemeral &&
  !before.is_ephemeral &&
  Number(message.ts) - Number(before.ts) < TOGETHER;

// Who is at the bottom stays there, while rows come in and take their true height; who has
// scrolled up stays where they read.
export function useStickToBottom(list, messages) {
  const last = useRef({ height: 0, top: 0, first: "", isAtBottom: true });
  useLayoutEffect(() => {
    const box = list.current;
    if (!box || !messages) return;
    const first = messages[0]?.ts ?? "";
    const { isAtBottom, height } = last.current;
    if (isAtBottom) box.scrollTop = box.scrollHeight;
    else if (first < last.current.first) box.scrollTop += box.scrollHeight - height;
    Object.assign(last.current, { height: box.scrollHeight, top: box.scrollTop, first });
  }, [messages]);
  useEffect(() => {
    const box = list.current;
    const note = () => {
      const isNear = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
      const wentUp = box.scrollTop < last.current.top - 1;
      last.current.isAtBottom = isNear || (last.current.isAtBottom && !wentUp);
      Object.assign(last.current, { height: box.scrollHeight, top: box.scrollTop });
    };
    const follow = new ResizeObserver(
      () => last.current.isAtBottom && (box.scrollTop = box.scrollHeight),
    );
    box.addEventListener("scroll", note, { passive: true });
    follow.observe(box);
    follow.observe(box.firstElementChild);
    return () => (box.removeEventListener("scroll", note), follow.disconnect());
  }, []);
}

function useReading(id, list, messages) {
  const isNews = counts.value[id]?.unread || counts.value[id]?.mentions;
  useEffect(() => {
    const read = () => document.visibilityState === "visible" && messages && markRead(id);
    const timer = setTimeout(read, 400);
    document.addEventListener("visibilitychange", read);
    return () => (clearTimeout(timer), document.removeEventListener("visibilitychange", read));
  }, [id, messages, isNews]);
}
