// Where one is, who one is, what time it is, and the ways to change each.
import { html, signal, useEffect, useState } from "./vendor/preact.js";
import { openForm } from "./form.js";
import { Avatar, IconButton, Item, Menu } from "./parts.js";
import { roleOf } from "./names.js";
import {
  act,
  actAs,
  ask,
  attempt,
  channels,
  isDrawerOpen,
  isOnline,
  me,
  now,
  overview,
  say,
  users,
} from "./store.js";
import { nextDay, timeIn, weekdayTime } from "./times.js";

export const isInspecting = signal(sessionStorage.getItem("inspector") === "open");
const isSkipping = signal(false);

export function Toolbar({ children }) {
  return html`<header class="toolbar">
    <span class="drawer-button"><${IconButton} label="Channels" aria-expanded=${isDrawerOpen.value} onClick=${() => (isDrawerOpen.value = !isDrawerOpen.value)}>☰<//></span>
    <${SceneMenu} />
    <span class="stand-in">A local stand-in for Slack, with the real bot in it</span>
    ${!isOnline.value && html`<span class="offline" role="status">Reconnecting …</span>`}
    ${isOnline.value && !overview.value.connected && html`<span class="offline" role="status">The app is not connected</span>`}
    <span class="space"></span>
    ${children}
    <${ClockMenu} /><${PersonMenu} />
    <${IconButton} label="Show what goes between Slack and the app" class="icon wide-only" aria-pressed=${isInspecting.value} onClick=${toggleInspector}>⇄<//>
    <${IconButton} label="Light or dark" onClick=${toggleTheme}>◐<//>
  </header>`;
}

function toggleInspector() {
  isInspecting.value = !isInspecting.value;
  sessionStorage.setItem("inspector", isInspecting.value ? "open" : "");
}

function toggleTheme() {
  const root = document.documentElement.dataset;
  root.theme = root.theme === "dark" ? "light" : "dark";
  localStorage.setItem("theme", root.theme);
}

// Which workspace

function SceneMenu() {
  const { team, scenes, scene } = overview.value;
  if (!scene) return html`<strong class="team">${team.name}</strong>`;
  return html`<${Menu} label=${`Workspace: ${scenes[scene]}`} face=${html`<strong class="team">${team.name}</strong> <span aria-hidden="true">▾</span>`} className="wide scenes">
    ${(close) => html`${Object.entries(scenes).map(
      ([name, title]) => html`<${Item} key=${name} onClick=${() => (close(), show(name))}
      hint=${name === scene ? "Again from its beginning" : ""}>${title}${name === scene ? " ✓" : ""}<//>`,
    )}
    <p class="hint">In the empty one you can rehearse setting up: <code>/invite @Askaround</code> begins it.</p>
    <hr />
    <p class="hint">Outside Slack, to try what the bot calls:<br />a calendar in a workshop, <code>${location.origin}/outside/calendar.ics</code><br />a helpdesk for a topic, <code>${location.origin}/outside/helpdesk</code></p>
    <span class="narrow-only"><hr /><${Item} onClick=${() => (close(), toggleInspector())}>What goes between Slack and the app<//></span>`}
  <//>`;
}

async function show(scene) {
  say("Setting the scene …");
  if ((await attempt(ask("/sandbox/scene", { scene }))) === undefined) return;
  say(overview.value.scenes[scene]);
  actAs("", { channel: "", thread: "" });
}

// Who

export function PersonMenu() {
  const people = overview.value.users.filter((user) => !user.is_bot && !user.deleted);
  const face = html`<${Avatar} user=${me.value} small /><span class="who">${me.value.real_name}</span>`;
  return html`<${Menu} label=${`Acting as ${me.value.real_name}`} face=${face} className="wide people">
    ${(close) => html`
      ${people.map((user) => html`<${Choice} key=${user.id} user=${user} close=${close} />`)}
      <hr />
      ${presences().map(([label, change]) => html`<${Item} key=${label} onClick=${() => (close(), attempt(ask("/sandbox/change", { user: me.value.id, ...change })))}>${label}<//>`)}
      <hr />
      <${Item} onClick=${() => (close(), addSomebody())}>+ Add somebody to ${overview.value.team.name}<//>`}
  <//>`;
}

function Choice({ user, close }) {
  const where = [user.title, timeIn(user.tz), absence(user)].filter(Boolean).join(" · ");
  return html`<span class="person">
    <${Item} onClick=${() => (close(), actAs(user.name, { thread: "" }))} hint=${where}>
      <${Avatar} user=${user} small /> ${user.real_name}
      ${(user.parts.length ? user.parts : [roleOf(user)]).filter(Boolean).map((part) => html`<em class=${`role ${part.toLowerCase()}`} key=${part}>${part}</em>`)}
      ${user.id === me.value.id ? " ✓" : ""}<//>
    <a href=${`/?as=${user.name}`} target="_blank" rel="opener" aria-label=${`Act as ${user.real_name} in a new tab`}
      title="In a new tab">↗</a>
  </span>`;
}

const isQuiet = (user) => user.quiet_until * 1000 > now();

const absence = (user) =>
  user.status_text || (isQuiet(user) && "Do Not Disturb") || (user.is_away && "away") || "";

// What I can say in Slack of when I can be reached: [label, the change]
function presences() {
  const user = me.value;
  const seconds = Math.round(now() / 1000);
  const vacation = { status_text: "Vacationing", status_emoji: ":palm_tree:" };
  const week = { ...vacation, status_expiration: seconds + 7 * 86_400 };
  const none = { status_text: "", status_emoji: "", status_expiration: 0 };
  return [
    user.is_away
      ? ["Set myself active", { change: "update_user", is_away: false }]
      : ["Set myself away", { change: "update_user", is_away: true }],
    isQuiet(user)
      ? ["End Do Not Disturb", { change: "set_quiet", starts: 0, ends: 0 }]
      : [
          "Do Not Disturb for an hour",
          { change: "set_quiet", starts: seconds, ends: seconds + 3600 },
        ],
    user.status_text
      ? ["Clear my status", { change: "update_user", ...none }]
      : ["Status: vacationing for a week", { change: "update_user", ...week }],
  ];
}

const KINDS = [
  ["member", "Member"],
  ["admin", "Admin"],
  ["guest", "Guest"],
];

function addSomebody() {
  openForm({
    title: "Add somebody",
    submit: "Add",
    fields: [
      { name: "real_name", label: "Name" },
      { name: "title", label: "What they do", isOptional: true },
      { name: "tz", label: "Time zone", type: "select", value: me.value.tz, options: zones() },
      { name: "kind", label: "They are", type: "select", value: "member", options: KINDS },
    ],
    onSubmit: async ({ real_name, title, tz, kind }) => {
      const name = freeName(real_name);
      const roles = { is_admin: kind === "admin", is_guest: kind === "guest" };
      await ask("/sandbox/users", { name, real_name, title, tz, ...roles });
      await ask("/sandbox/change", { change: "welcome", user: name });
      const everybody = [...channels.value.values()].find((each) => each.name === "general");
      if (everybody && kind !== "guest")
        await ask("/sandbox/change", { change: "join", user: name, channel: everybody.id });
      say(`${real_name} is here.`, {
        label: `Be ${real_name.split(" ")[0]}`,
        onClick: () => actAs(name),
      });
    },
  });
}

const zones = () =>
  [
    ...new Set([
      "Europe/London",
      "America/New_York",
      "Asia/Tokyo",
      ...overview.value.users.map(({ tz }) => tz),
    ]),
  ]
    .sort()
    .map((tz) => [tz, tz.replaceAll("_", " ")]);

function freeName(realName) {
  const first =
    realName
      .trim()
      .split(/\s+/)[0]
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, "") || "somebody";
  const taken = new Set(overview.value.users.map(({ name }) => name));
  let name = first;
  for (let number = 2; taken.has(name); number += 1) name = `${first}${number}`;
  return name;
}

// When

const MOVES = [
  ["10 minutes later", 600],
  ["1 hour later", 3600],
  ["1 day later", 86_400],
  ["4 weeks later", 28 * 86_400],
  ["Half a year later", 183 * 86_400],
];

function ClockMenu() {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 10_000);
    return () => clearInterval(timer);
  }, []);
  const face = html`<span aria-hidden="true">${isSkipping.value ? "⏳" : "🕘"}</span> <span class="when">${weekdayTime(now())}</span>`;
  return html`<${Menu} label="Move the clock" face=${face} className="wide">
    ${(close) => html`
      ${overview.value.can_skip && html`<${Item} onClick=${() => (close(), skipToNext())} hint="And stop there">Next thing that happens<//><hr />`}
      ${MOVES.map(
        ([label, seconds]) => html`<${Item} key=${label}
        onClick=${() => (close(), moveClock({ advance_seconds: seconds }))}>${label}<//>`,
      )}
      <${Item} onClick=${() => (close(), moveTo("Friday", 16))}>Friday, 16:00<//>
      <${Item} onClick=${() => (close(), moveTo("Monday", 9))}>Monday, 9:00<//>
      <p class="hint">The workspace's time and the bot's move together: for reminders and the weekly digest.</p>`}
  <//>`;
}

export const moveClock = (by) => attempt(ask("/sandbox/clock", by));
export const moveTo = (day, hour) =>
  moveClock({ set: new Date(nextDay(day, hour, 1)).toISOString() });

export async function skipToNext() {
  if (isSkipping.value) return;
  isSkipping.value = true;
  const said = await attempt(ask("/sandbox/clock/next", {}));
  isSkipping.value = false;
  if (!said) return;
  const [first] = [...said].sort((a, b) => seesIt(b) - seesIt(a));
  if (!first) return say("Nothing is left that would happen by itself.");
  say(`${weekdayTime(now())}: ${nameOfBot()} wrote ${whereTo(first)}.`, {
    label: "Look",
    onClick: () =>
      actAs(first.for || me.value.name, { channel: first.channel, thread: first.thread_ts }),
  });
}

const nameOfBot = () => users.value.get(overview.value.bot).real_name;
const seesIt = ({ for: reader, channel }) =>
  Number(reader ? reader === me.value.name : channels.value.has(channel));

function whereTo({ for: reader, channel, thread_ts }) {
  if (reader) {
    const { real_name } = overview.value.users.find(({ name }) => name === reader);
    return `to ${real_name}, privately`;
  }
  const name = channels.value.get(channel)?.name;
  if (!name) return "in a channel that you cannot see";
  return thread_ts ? `in a thread of #${name}` : `in #${name}`;
}
