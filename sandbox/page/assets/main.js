// The page: what stands where.
import { html, render, useEffect } from "./vendor/preact.js";
import { ChannelPane } from "./channel.js";
import { HomePane } from "./home.js";
import { Inspector } from "./inspector.js";
import { Modal } from "./modal.js";
import { Sidebar } from "./sidebar.js";
import { Steps, StepsButton } from "./steps.js";
import { channel, closeThread, counts, notice, overview, place } from "./store.js";
import { ThreadPane } from "./thread.js";
import { isInspecting, Toolbar } from "./toolbar.js";

function App() {
  useEffect(() => {
    const onKeyDown = (event) =>
      event.key === "Escape" && !event.defaultPrevented && place.value.thread && closeThread();
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  if (!overview.value) return html`<p class="waiting" role="status">Opening the workspace …</p>`;
  const news = Object.values(counts.value).reduce((sum, { mentions }) => sum + mentions, 0);
  document.title = `${news ? `(${news}) ` : ""}${channel.value?.name || "Home"} · ${overview.value.team.name}`;
  const { thread } = place.value;
  return html`<div class="app">
    <${Toolbar}><${StepsButton} /><//>
    <${Steps} />
    <div class="panes">
      <${Sidebar} />
      ${place.value.channel === "home" ? html`<${HomePane} />` : channel.value && html`<${ChannelPane} key=${channel.value.id} />`}
      ${thread && channel.value && html`<${ThreadPane} key=${thread} />`}
      ${isInspecting.value && html`<${Inspector} />`}
    </div>
    <${Modal} /><${Notice} />
  </div>`;
}

function Notice() {
  useEffect(() => {
    const timer =
      notice.value &&
      setTimeout(() => {
        notice.value = "";
      }, 6000);
    return () => clearTimeout(timer);
  }, [notice.value]);
  return html`<div class="notice" role="alert">${notice.value}</div>`;
}

render(html`<${App} />`, document.getElementById("app"));
