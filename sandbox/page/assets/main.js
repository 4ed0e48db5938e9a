// The page: what stands where.
import { html, render, useEffect } from "./vendor/preact.js";
import { Acts, ActsButton } from "./acts.js";
import { ChannelPane } from "./channel.js";
import { Form } from "./form.js";
import { HomePane } from "./home.js";
import { Inspector } from "./inspector.js";
import { Modal } from "./modal.js";
import { Sidebar } from "./sidebar.js";
import { channel, closeThread, counts, isDrawerOpen, notice, overview, place } from "./store.js";
import { ThreadPane } from "./thread.js";
import { isInspecting, Toolbar } from "./toolbar.js";

function App() {
  useEffect(() => {
    const onKeyDown = (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (isDrawerOpen.value) isDrawerOpen.value = false;
      else if (place.value.thread) closeThread();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  if (!overview.value) return html`<p class="waiting" role="status">Opening the workspace …</p>`;
  const news = Object.values(counts.value).reduce((sum, { mentions }) => sum + mentions, 0);
  document.title = `${news ? `(${news}) ` : ""}${channel.value?.name || "Home"} · ${overview.value.team.name}`;
  const { thread } = place.value;
  return html`<div class="app">
    <${Toolbar}><${ActsButton} /><//>
    <${Acts} />
    <div class="panes">
      <${Sidebar} />
      ${isDrawerOpen.value && html`<button type="button" class="shade" aria-label="Close the channels" onClick=${() => (isDrawerOpen.value = false)}></button>`}
      ${place.value.channel === "home" ? html`<${HomePane} />` : channel.value && html`<${ChannelPane} key=${channel.value.id} />`}
      ${thread && channel.value && html`<${ThreadPane} key=${thread} />`}
      ${isInspecting.value && html`<${Inspector} />`}
    </div>
    <${Modal} /><${Form} /><${Notice} />
  </div>`;
}

const SHOWN_FOR = 7000; // milliseconds

function Notice() {
  useEffect(() => {
    const timer =
      notice.value &&
      setTimeout(() => {
        notice.value = null;
      }, SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [notice.value]);
  const { sentence, action } = notice.value || {};
  return html`<div class="notice" role="alert">${sentence && html`<span>${sentence}</span>`}
    ${action && html`<button type="button" onClick=${() => ((notice.value = null), action.onClick())}>${action.label}</button>`}</div>`;
}

render(html`<${App} />`, document.getElementById("app"));
