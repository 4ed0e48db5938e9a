// Who one is, what time it is, and the ways to change both.
import { html, signal, useEffect, useState } from "./vendor/preact.js";
import { Avatar, IconButton, Item, Menu } from "./parts.js";
import { roleOf } from "./names.js";
import { actAs, ask, attempt, isOnline, me, now, overview } from "./store.js";
import { nextMonday, timeIn, weekdayTime } from "./times.js";

export const isInspecting = signal(sessionStorage.getItem("inspector") === "open");

export function Toolbar({ children }) {
  return html`<header class="toolbar">
    <strong class="team">${overview.value.team.name}</strong>
    <span class="stand-in">A local stand-in for Slack, with the real bot in it</span>
    ${!isOnline.value && html`<span class="offline" role="status">Reconnecting …</span>`}
    ${isOnline.value && !overview.value.connected && html`<span class="offline" role="status">The app is not connected</span>`}
    <span class="space"></span>
    ${children}
    <${ClockMenu} /><${PersonMenu} />
    <${IconButton} label="Show what goes between Slack and the app" aria-pressed=${isInspecting.value} onClick=${toggleInspector}>⇄<//>
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

export function PersonMenu() {
  const people = overview.value.users.filter((user) => !user.is_bot && !user.deleted);
  const face = html`<${Avatar} user=${me.value} small /><span>${me.value.real_name}</span>`;
  return html`<${Menu} label=${`Acting as ${me.value.real_name}`} face=${face} className="wide people">
    ${(close) =>
      people.map(
        (user) => html`<span class="person" key=${user.id}>
      <${Item} onClick=${() => (close(), actAs(user.name, { thread: "" }))}
        hint=${[user.title, timeIn(user.tz)].filter(Boolean).join(" · ")}>
        <${Avatar} user=${user} small /> ${user.real_name}
        ${roleOf(user) && html`<em class="role">${roleOf(user)}</em>`}
        ${user.id === me.value.id ? " ✓" : ""}<//>
      <a href=${`/?as=${user.name}`} target="_blank" rel="opener" aria-label=${`Act as ${user.real_name} in a new tab`}
        title="In a new tab">↗</a>
    </span>`,
      )}
  <//>`;
}

const MOVES = [
  ["10 minutes later", 600],
  ["1 hour later", 3600],
  ["1 day later", 86_400],
];

function ClockMenu() {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 10_000);
    return () => clearInterval(timer);
  }, []);
  return html`<${Menu} label="Move the clock" face=${html`<span aria-hidden="true">🕘</span> ${weekdayTime(now())}`} className="wide">
    ${(close) => html`
      ${MOVES.map(
        ([label, seconds]) => html`<${Item} key=${label}
        onClick=${() => (close(), moveClock({ advance_seconds: seconds }))}>${label}<//>`,
      )}
      <${Item} onClick=${() => (close(), moveToMonday())}>Monday, 9:00<//>
      <p class="hint">The workspace's time and the bot's move together: for reminders and the weekly digest.</p>`}
  <//>`;
}

export const moveClock = (by) => attempt(ask("/sandbox/clock", by));
export const moveToMonday = () => moveClock({ set: new Date(nextMonday(9, 1)).toISOString() });
