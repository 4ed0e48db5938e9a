// What the page knows: the workspace, messages, and where the person is. One socket keeps it true.
import { batch, computed, signal } from "./vendor/preact.js";
import { sentenceOf } from "./sentences.js";

export const overview = signal(null);
export const isOnline = signal(false);
export const view = signal(null);
export const home = signal(null);
export const place = signal(readPlace());
export const counts = signal({}); // by channel: {unread, mentions}
export const editing = signal(null); // {ts, text} of the message being edited
export const notice = signal(null); // {sentence, action: {label, onClick}}, shown for a while
export const told = signal({}); // by name: the newest of what the app wrote to each person
export const isDrawerOpen = signal(false); // the sidebar, where it does not fit beside the rest
const clockOffset = signal(0);

const timelines = new Map(); // channel → signal of {messages, isComplete}
const threads = new Map(); // channel/ts → signal of messages
const newestTold = new Map(); // channel → the newest ts that counts already
const listeners = new Set();
export const PAGE = 60;

export const users = computed(() => byId(overview.value?.users));
export const channels = computed(() => byId(overview.value?.channels));
export const me = computed(() => users.value.get(overview.value?.me));
export const channel = computed(() => channels.value.get(place.value.channel));

export const now = () => Date.now() + clockOffset.value;

function byId(rows = []) {
  return new Map(rows.map((row) => [row.id, row]));
}

// Where the person is: in the address, so that reload and two tabs just work

function readPlace() {
  const query = new URLSearchParams(location.search);
  return {
    as: query.get("as") || "",
    channel: query.get("in") || "",
    thread: query.get("thread") || "",
  };
}

export function go(where, { replace = false } = {}) {
  const next = { ...place.value, ...where };
  const room = channels.value.get(next.channel);
  const shown = {
    as: next.as,
    in: room && room.kind !== "im" ? room.name : next.channel,
    thread: next.thread,
  };
  const query = new URLSearchParams(Object.entries(shown).filter(([, value]) => value));
  history[replace ? "replaceState" : "pushState"](null, "", `/?${query}`);
  place.value = next;
  isDrawerOpen.value = false;
}

export const openChannel = (id) => go({ channel: id, thread: "" });
export const openThread = (id, ts) => go({ channel: id, thread: ts });
export const closeThread = () => go({ thread: "" });

export function actAs(name, where = {}) {
  go({ as: name, ...where });
  connect();
}

addEventListener("popstate", () => {
  const before = place.value.as;
  const next = readPlace();
  const room = roomNamed(overview.value?.channels || [], next.channel);
  place.value = { ...next, channel: room?.id || next.channel };
  if (next.as !== before) connect();
});

// The socket

let socket = null;
let waitBeforeRetry = 250; // milliseconds

export function connect() {
  socket?.close();
  const mine = new WebSocket(
    `ws://${location.host}/sandbox/live?user=${encodeURIComponent(place.value.as)}`,
  );
  socket = mine;
  mine.onmessage = (event) => mine === socket && take(JSON.parse(event.data));
  mine.onopen = () => {
    waitBeforeRetry = 250;
  };
  mine.onclose = () => {
    if (mine !== socket) return;
    isOnline.value = false;
    waitBeforeRetry = Math.min(waitBeforeRetry * 2, 4000);
    setTimeout(() => mine === socket && connect(), waitBeforeRetry);
  };
}

function take(frame) {
  batch(() => {
    clockOffset.value = frame.now * 1000 - Date.now();
    if (frame.overview && isAnother(frame.overview)) forget();
    else if (!isOnline.value || frame.missed) loadAgain();
    isOnline.value = true;
    if (frame.overview) takeOverview(frame.overview);
    if (frame.told) told.value = frame.told;
    if ("view" in frame && differs(frame.view, view.value)) view.value = frame.view;
    if ("home" in frame && differs(frame.home, home.value)) home.value = frame.home;
    for (const change of frame.messages || []) takeMessage(change);
  });
}

// Another person, or another workspace, even where all in it is called the same.
const isAnother = ({ me: next, run }) => next !== overview.value?.me || run !== overview.value?.run;

const differs = (left, right) => left?.id !== right?.id || left?.hash !== right?.hash;

// Somebody else's messages are not this person's to see.
function forget() {
  timelines.clear();
  threads.clear();
}

function loadAgain() {
  for (const [id, timeline] of timelines) loadTimeline(id, timeline);
  for (const [key, thread] of threads) loadThread(...key.split("/"), thread);
}

// A channel by its identifier or name; `direct` is the conversation with the app.
const roomNamed = (rooms, wanted) =>
  rooms.find(({ id, name }) => [id, name].includes(wanted)) ||
  (wanted === "direct" ? rooms.find(({ kind }) => kind === "im") : undefined);

function takeOverview(next) {
  const isAnotherRun = overview.value && next.run !== overview.value.run;
  overview.value = next;
  counts.value = Object.fromEntries(
    next.channels.map(({ id, unread, mentions }) => [id, { unread, mentions }]),
  );
  for (const each of next.channels) newestTold.set(each.id, each.latest);
  const known = roomNamed(next.channels, place.value.channel);
  const joined = next.channels.filter((each) => each.is_member && each.kind !== "im");
  const first = joined.find(({ name }) => name === next.tour[0]?.channel) || joined[0];
  const asNow = next.users.find(({ id }) => id === next.me).name;
  const isSpecial = place.value.channel === "home";
  if (place.value.as !== asNow || (!isSpecial && known?.id !== place.value.channel)) {
    const channel = isSpecial ? "home" : (known || first)?.id || "";
    go({ as: asNow, channel, thread: known ? place.value.thread : "" }, { replace: true });
  }
  if (isAnotherRun) go({ thread: "" }, { replace: true });
}

export function onMessage(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function takeMessage({ channel: id, ts, message }) {
  if (timelines.has(id))
    takeInto(timelines.get(id), (timeline) => toTimeline(timeline, ts, message));
  for (const [key, thread] of threads) {
    const [where, root] = key.split("/");
    if (where === id) takeInto(thread, () => toThread(thread, root, ts, message));
  }
  if (message) {
    count(id, ts, message);
    for (const listener of listeners) listener(id, message);
  }
}

// What comes while a channel or thread loads may be missing in what is loaded: it is put in again.
const arriving = new Map(); // timeline or thread → what to put in once it is loaded

function takeInto(store, put) {
  arriving.get(store)?.push(put);
  put(store);
}

async function loadInto(store, load) {
  const meanwhile = [];
  arriving.set(store, meanwhile);
  store.value = await load();
  if (arriving.get(store) === meanwhile) arriving.delete(store); // else it loads once more
  for (const put of meanwhile) put(store);
}

function toTimeline(timeline, ts, message) {
  const { messages, isComplete } = timeline.value;
  if (!messages || (ts < (messages[0]?.ts ?? "") && !isComplete)) return;
  const inTimeline = message && (!isReply(message) || message.subtype === "thread_broadcast");
  timeline.value = {
    ...timeline.value,
    messages: withMessage(messages, ts, inTimeline && message),
  };
}

function toThread(thread, root, ts, message) {
  const belongs = message && (ts === root || message.thread_ts === root);
  if (thread.value && (belongs || thread.value.some((each) => each.ts === ts)))
    thread.value = withMessage(thread.value, ts, belongs ? message : null);
}

const isReply = (message) => message.thread_ts && message.thread_ts !== message.ts;

function withMessage(messages, ts, message) {
  let at = messages.length;
  while (at > 0 && messages[at - 1].ts >= ts) at -= 1;
  const isThere = messages[at]?.ts === ts;
  if (!isThere && !message) return messages;
  return [
    ...messages.slice(0, at),
    ...(message ? [message] : []),
    ...messages.slice(at + (isThere ? 1 : 0)),
  ];
}

function count(id, ts, message) {
  if (ts <= (newestTold.get(id) ?? "")) return;
  newestTold.set(id, ts);
  const mine = overview.value?.me;
  if (message.user === mine || !channels.value.get(id)?.is_member) return;
  const before = counts.value[id] || { unread: 0, mentions: 0 };
  const isDirect = channels.value.get(id)?.kind === "im";
  const named = isDirect || message.text?.includes(`<@${mine}>`);
  const unread = before.unread + (isReply(message) ? 0 : 1);
  counts.value = { ...counts.value, [id]: { unread, mentions: before.mentions + (named ? 1 : 0) } };
}

// Messages of a channel and of a thread, loaded when first looked at

export function timelineOf(id) {
  if (!timelines.has(id)) {
    timelines.set(id, signal({ messages: null, isComplete: false }));
    loadTimeline(id, timelines.get(id));
  }
  return timelines.get(id);
}

function loadTimeline(id, timeline) {
  return loadInto(timeline, async () => {
    const messages = await sees({ channel: id, limit: PAGE }).catch(() => []);
    return { messages, isComplete: messages.length < PAGE };
  });
}

export async function loadOlder(id) {
  const timeline = timelineOf(id);
  const { messages, isComplete, isLoading } = timeline.value;
  if (!messages?.length || isComplete || isLoading) return;
  timeline.value = { ...timeline.value, isLoading: true };
  const older = await sees({ channel: id, limit: PAGE, before: messages[0].ts }).catch(() => []);
  timeline.value = {
    messages: [...older, ...timeline.value.messages],
    isComplete: older.length < PAGE,
  };
}

export function threadOf(id, ts) {
  const key = `${id}/${ts}`;
  if (!threads.has(key)) {
    threads.set(key, signal(null));
    loadThread(id, ts, threads.get(key));
  }
  return threads.get(key);
}

function loadThread(id, ts, thread) {
  return loadInto(thread, () => sees({ channel: id, thread_ts: ts }).catch(() => []));
}

const sees = (what) =>
  ask(`/sandbox/sees?${new URLSearchParams({ user: place.value.as, ...what })}`);

// Acting

export async function ask(path, body) {
  const options = body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await fetch(path, options || {}).catch(() => null);
  const answer = await response?.json().catch(() => null);
  if (answer?.ok) return answer.result;
  const error = new Error(sentenceOf(answer));
  throw Object.assign(error, { code: answer?.error, details: answer });
}

export const act = (name, given = {}) =>
  ask("/sandbox/act", { user: overview.value?.me, act: name, ...given });

export function say(sentence, action) {
  notice.value = { sentence, action };
}

export async function attempt(promise) {
  try {
    return await promise;
  } catch (error) {
    say(error.message);
    return undefined;
  }
}

export async function edit(channelId, ts) {
  const query = new URLSearchParams({ user: me.value.id, channel: channelId, ts });
  const text = await attempt(ask(`/sandbox/typed?${query}`));
  if (text !== undefined) editing.value = { ts, text };
}

export function markRead(id) {
  const newest = timelines.get(id)?.value.messages?.at(-1)?.ts;
  const before = counts.value[id];
  if (!newest || !before || (!before.unread && !before.mentions)) return;
  counts.value = { ...counts.value, [id]: { unread: 0, mentions: 0 } };
  act("read", { channel: id, ts: [newest, newestTold.get(id) ?? ""].sort().at(-1) }).catch(
    () => {},
  );
}

connect();
