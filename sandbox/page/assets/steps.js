// Five short steps through the loop, for who sees this for the first time.
import { html, signal, useEffect } from "./vendor/preact.js";
import { writeDraft } from "./composer.js";
import { IconButton } from "./parts.js";
import { actAs, channels, me, onMessage, overview, place, users } from "./store.js";
import { moveToMonday } from "./toolbar.js";

const KEY = "steps"; // {step, question, reply, isHidden}, shared by the tabs of this browser
const state = signal(read());

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || { step: 0 };
  } catch {
    return { step: 0 };
  }
}

function keep(next) {
  state.value = { ...state.value, ...next };
  localStorage.setItem(KEY, JSON.stringify(state.value));
}

addEventListener("storage", ({ key }) => {
  if (key === KEY) state.value = read();
});

// What counts as having done a step: looked for in every message that comes.
const DONE = {
  ask: ({ by }, message) => message.user === by && !message.thread_ts && { question: message.ts },
  answer: ({ by }, message) =>
    message.user === by && message.thread_ts === state.value.question && { reply: message.ts },
  accept: ({ by }, message) =>
    message.ts === state.value.reply &&
    message.reactions?.some(
      ({ name, users: who }) => name === "white_check_mark" && who.includes(by),
    ) &&
    {},
  find: ({ by }, message) => message.is_ephemeral && me.value.id === by && {},
  digest: (_step, message) =>
    message.user === overview.value.bot &&
    !message.thread_ts &&
    !message.is_ephemeral &&
    Number(message.ts) > (state.value.movedAt || Infinity) &&
    {},
};

const idOf = (name) => overview.value.users.find((user) => user.name === name)?.id;

function look(channelId, message) {
  const step = overview.value.tour[state.value.step];
  if (!step || channelId !== roomOf(step)?.id) return;
  const found = DONE[step.done]({ by: idOf(step.as) }, message);
  if (found) keep({ ...found, step: state.value.step + 1 });
}

const roomOf = (step) => [...channels.value.values()].find(({ name }) => name === step.channel);

export function StepsButton() {
  if (!overview.value.tour?.length || !state.value.isHidden) return null;
  return html`<button type="button" class="face" onClick=${() => keep({ isHidden: false })}>Five steps</button>`;
}

export function Steps() {
  useEffect(() => onMessage(look), []);
  const { tour } = overview.value;
  if (!tour?.length || state.value.isHidden) return null;
  const step = tour[state.value.step];
  return html`<section class="steps" aria-label="Five steps">
    <ol>${tour.map(
      ({ title }, at) => html`<li key=${title} class=${at < state.value.step ? "done" : ""}
      aria-current=${at === state.value.step ? "step" : undefined}>${at < state.value.step ? "✓" : at + 1} ${title}</li>`,
    )}</ol>
    <p role="status">${step ? step.text : "That is the whole loop. Go on as anybody you like."}</p>
    ${step && html`<${Help} step=${step} />`}
    ${!step && html`<button type="button" class="face" onClick=${() => keep({ step: 0, question: "", reply: "" })}>Again</button>`}
    <${IconButton} label="Hide the steps" onClick=${() => keep({ isHidden: true })}>✕<//>
  </section>`;
}

// The one button that brings a visitor on: be the person, go there, write it, move the clock.
function Help({ step }) {
  const room = roomOf(step);
  const thread = step.in_thread ? state.value.question || "" : "";
  const who = users.value.get(idOf(step.as));
  const isThere =
    me.value.id === who?.id &&
    place.value.channel === room?.id &&
    (!step.in_thread || place.value.thread === thread);
  if (!isThere) {
    const goThere = () => actAs(step.as, { channel: room?.id || step.channel, thread });
    return html`<button type="button" class="primary" onClick=${goThere}>Be ${who?.real_name.split(" ")[0]}</button>`;
  }
  if (step.write)
    return html`<button type="button" class="primary" onClick=${() => writeDraft(step.write, thread)}>Write it for me</button>`;
  if (step.done === "digest") {
    const move = () => (keep({ movedAt: Date.now() / 1000 }), moveToMonday());
    return html`<button type="button" class="primary" onClick=${move}>Move to Monday</button>`;
  }
  return null;
}
