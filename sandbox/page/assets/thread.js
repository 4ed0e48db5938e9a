// A thread beside its channel.
import { html, useRef } from "./vendor/preact.js";
import { rows, useStickToBottom } from "./channel.js";
import { Composer } from "./composer.js";
import { IconButton } from "./parts.js";
import { channelTitle } from "./names.js";
import { useStops } from "./stops.js";
import { channel, closeThread, place, threadOf } from "./store.js";

export function ThreadPane() {
  const here = channel.value;
  const ts = place.value.thread;
  const messages = threadOf(here.id, ts).value;
  const list = useRef();
  useStickToBottom(list, messages);
  useStops(list);
  return html`<aside class="pane thread" aria-label="Thread">
    <header class="title"><h1>Thread</h1><span class="members">${channelTitle(here)}</span>
      <span class="space"></span><${IconButton} label="Close the thread" onClick=${closeThread}>✕<//></header>
    <div class="messages" ref=${list} role="log" aria-label="Messages in this thread" tabindex="0">
      <div>
        ${messages?.length === 0 && html`<p class="beginning">This thread is gone.</p>`}
        ${messages && rows(messages, here)}
      </div>
    </div>
    ${
      here.is_member &&
      !here.is_archived &&
      html`<${Composer} key=${ts} channelId=${here.id} threadTs=${ts} label="Reply in the thread" />`
    }
  </aside>`;
}
