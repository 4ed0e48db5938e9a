// A tour in short acts, for who sees this for the first time.
import { html, signal, useEffect } from "./vendor/preact.js";
import { writeDraft } from "./composer.js";
import { IconButton } from "./parts.js";
import { actAs, channels, me, now, onMessage, overview, place, told, users } from "./store.js";
import { moveTo, skipToNext } from "./toolbar.js";

const KEY = "acts"; // {run, step, question, reply, since, movedAt, isHidden}: of this browser's tabs
const kept = signal(read());

function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || {};
  } catch {
    return {};
  }
}

// A workspace that begins anew begins with the first step.
const state = () =>
  kept.value.run === overview.value.run
    ? kept.value
    : { run: overview.value.run, step: 0, isHidden: kept.value.isHidden };

function keep(next) {
  kept.value = { ...state(), ...next };
  localStorage.setItem(KEY, JSON.stringify(kept.value));
}

const goTo = (step, found = {}) => keep({ movedAt: 0, ...found, step, since: told.value });

addEventListener("storage", ({ key }) => {
  if (key === KEY) kept.value = read();
});

// What counts as having done a step: looked for in every message that comes.
const DONE = {
  ask: ({ by }, message) => message.user === by && !message.thread_ts && { question: message.ts },
  went_on: (_step, message) =>
    isOfApp(message) &&
    message.thread_ts === state().question &&
    Boolean(state().movedAt) && { movedAt: 0 },
  answer: ({ by }, message) =>
    message.user === by && message.thread_ts === state().question && { reply: message.ts },
  accept: ({ by }, message) =>
    message.ts === state().reply &&
    message.reactions?.some(
      ({ name, users: who }) => name === "white_check_mark" && who.includes(by),
    ) &&
    {},
  invited: (_step, message) => message.subtype === "channel_join" && isOfApp(message) && {},
  find: ({ by }, message) => message.is_ephemeral && me.value.id === by && {},
  digest: (_step, message) =>
    isOfApp(message) &&
    !message.thread_ts &&
    !message.is_ephemeral &&
    Number(message.ts) > (state().movedAt || Infinity) &&
    {},
};

const isOfApp = (message) => message.user === overview.value.bot;
const idOf = (name) => overview.value.users.find((user) => user.name === name)?.id;
const stepNow = () => overview.value.tour[state().step];

function look(channelId, message) {
  const step = stepNow();
  if (!step || !(step.done in DONE) || channelId !== roomOf(step)?.id) return;
  const found = DONE[step.done]({ by: idOf(step.as) }, message);
  if (found) goTo(state().step + 1, found);
}

// What the app wrote to somebody alone is no message of who looks on.
function lookAtTold() {
  const step = stepNow();
  if (!step?.told) return;
  const before = state().since?.[step.told] || "";
  if ((told.value[step.told] || "") > before) goTo(state().step + 1);
}

const roomOf = (step) =>
  [...channels.value.values()].find(({ name, kind }) =>
    step.channel === "direct" ? kind === "im" : name === step.channel,
  );

export function ActsButton() {
  if (!overview.value.tour.length || !state().isHidden) return null;
  return html`<button type="button" class="face" onClick=${() => keep({ isHidden: false })}>Tour</button>`;
}

export function Acts() {
  useEffect(() => onMessage(look), []);
  useEffect(() => {
    if (overview.value.tour.length && !state().since) goTo(state().step);
    lookAtTold();
  }, [told.value]);
  const { tour } = overview.value;
  if (!tour.length || state().isHidden) return null;
  const at = state().step;
  const step = tour[at];
  return html`<section class="acts" aria-label="Tour">
    <ol class="marks">${actsOf(tour).map((act) => html`<${Mark} key=${act.name} act=${act} at=${at} />`)}</ol>
    <p class="line" role="status">${step ? html`<strong>${step.title}</strong> ${step.text}` : "That is all of it. Go on as anybody you like: the bot is real."}</p>
    <span class="ways">
      ${step ? html`<${Way} key=${at} step=${step} />` : html`<button type="button" class="primary" onClick=${() => goTo(0, { question: "", reply: "" })}>Once more</button>`}
      <${IconButton} label="Hide the tour" onClick=${() => keep({ isHidden: true })}>✕<//>
    </span>
  </section>`;
}

// [{name, first, steps}] in their order
function actsOf(tour) {
  const acts = [];
  for (const [at, { act }] of tour.entries()) {
    if (acts.at(-1)?.name !== act) acts.push({ name: act, first: at, steps: 0 });
    acts.at(-1).steps += 1;
  }
  return acts;
}

function Mark({ act, at }) {
  const done = Math.min(Math.max(at - act.first, 0), act.steps);
  const isHere = at >= act.first && at < act.first + act.steps;
  const said = `${act.name}, ${done} of ${act.steps} steps done`;
  return html`<li><button type="button" aria-current=${isHere ? "step" : undefined} aria-label=${said}
    onClick=${() => goTo(act.first)}><span>${done === act.steps ? "✓ " : ""}${act.name}</span>
    <span class="dots" aria-hidden="true">${Array.from({ length: act.steps }, (_, dot) => html`<i class=${dot < done ? "done" : ""} key=${dot}></i>`)}</span></button></li>`;
}

// The one button that brings a visitor on: be the person, go there, write it, move the clock.
function Way({ step }) {
  const room = roomOf(step);
  const thread = step.in_thread ? state().question || "" : "";
  const who = users.value.get(idOf(step.as));
  const isThere =
    me.value.id === who?.id && place.value.channel === room?.id && place.value.thread === thread;
  if (!isThere) {
    const goThere = () => actAs(step.as, { channel: step.channel, thread });
    return html`<button type="button" class="primary" onClick=${goThere}>Be ${who?.real_name.split(" ")[0]}</button>`;
  }
  if (step.write)
    return html`<button type="button" class="primary" onClick=${() => writeDraft(step.write, thread)}>Write it for me</button>`;
  if (step.move === "next") {
    const next = () => (keep({ movedAt: 1 }), skipToNext());
    return html`<button type="button" class="primary" onClick=${next}>Next thing that happens</button>`;
  }
  if (step.move) {
    const [day, hour] = step.move.split(" ");
    const move = () => (keep({ movedAt: now() / 1000 }), moveTo(day, Number(hour)));
    return html`<button type="button" class="primary" onClick=${move}>Move to ${day}</button>`;
  }
  if (step.done === "read")
    return html`<button type="button" class="primary" onClick=${() => goTo(state().step + 1)}>I have read it</button>`;
  return null;
}
