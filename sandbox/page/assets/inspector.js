// The raw traffic between Slack and the app, newest first.
import { html, signal, useEffect, useState } from "./vendor/preact.js";
import { isInspecting } from "./toolbar.js";
import { IconButton } from "./parts.js";
import { channels } from "./store.js";
import { clockTime } from "./times.js";

const KEPT = 400;
const rows = signal([]);

function follow() {
  let again;
  let socket = open();
  return () => {
    clearTimeout(again);
    socket.onclose = null;
    socket.close();
  };

  function open() {
    const next = listen();
    next.onclose = () => {
      again = setTimeout(() => {
        socket = open();
      }, 2000);
    };
    return next;
  }
}

function listen() {
  const socket = new WebSocket(`ws://${location.host}/sandbox/traffic`);
  socket.onmessage = ({ data }) => {
    const byId = new Map(rows.value.map((row) => [row.id, row]));
    for (const row of JSON.parse(data).rows) byId.set(row.id, row);
    rows.value = [...byId.values()].slice(-KEPT);
  };
  return socket;
}

export function Inspector() {
  useEffect(follow, []);
  const close = () => {
    isInspecting.value = false;
    sessionStorage.setItem("inspector", "");
  };
  return html`<aside class="pane inspector" aria-label="Traffic between Slack and the app">
    <header class="title"><h1>Traffic</h1><span class="members">→ to the app · ← from the app</span>
      <span class="space"></span><${IconButton} label="Close the traffic" onClick=${close}>✕<//></header>
    <ol class="traffic">${[...rows.value].reverse().map((row) => html`<${Exchange} key=${row.id} row=${row} />`)}</ol>
  </aside>`;
}

function Exchange({ row }) {
  const [detail, setDetail] = useState(null);
  const toggle = async () => {
    if (detail !== null) return setDetail(null);
    const response = await fetch(`/sandbox/traffic/${row.id}`);
    return setDetail(
      response.ok ? JSON.stringify(await response.json(), null, 2) : await response.text(),
    );
  };
  const isFine = ["ok", "acked"].includes(row.state);
  const tries =
    row.attempts > 1
      ? `${row.attempts} tries${row.retry_reason ? `: ${row.retry_reason}` : ""}`
      : "";
  const about = channels.value.get(row.about)?.name;
  return html`<li class=${isFine ? "" : row.state === "pending" ? "pending" : "failed"}>
    <button type="button" aria-expanded=${detail !== null} onClick=${toggle}>
      <span class="way">${row.from === "slack" ? "→" : "←"}</span>
      <span class="what">${row.what}${about ? html` <small>#${about}</small>` : ""}</span>
      <span class="state">${tries || (isFine ? "" : row.state)}</span>
      <span class="ms">${row.ms === null ? "…" : `${row.ms} ms`}</span>
      <time>${clockTime(row.at * 1000)}</time>
    </button>
    ${detail !== null && html`<pre>${detail}</pre>`}
  </li>`;
}
