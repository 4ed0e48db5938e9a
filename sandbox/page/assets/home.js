// The app's Home tab, drawn by the app for this person.
import { html, useEffect } from "./vendor/preact.js";
import { Blocks } from "./blocks/index.js";
import { contextFor } from "./names.js";
import { act, attempt, home, me, overview, users } from "./store.js";

export function HomePane() {
  useEffect(() => {
    attempt(act("open_home"));
  }, [me.value.id]);
  const app = users.value.get(overview.value.bot).real_name;
  return html`<main class="pane home" aria-label=${`${app}, Home`}>
    <header class="title"><h1>${app}</h1><span class="members">Home</span></header>
    <div class="messages"><div class="page">
      ${
        home.value
          ? html`<${Blocks} blocks=${home.value.blocks} context=${contextFor({ target: "home" })} />`
          : html`<p class="beginning" role="status">The app is drawing this page …</p>`
      }
    </div></div>
  </main>`;
}
