// What this page does not draw is said, not hidden.
import { html } from "../vendor/preact.js";

export const Unknown = ({
  what,
  thing,
}) => html`<div class="bk-unknown">Unknown ${what}: ${String(thing?.type)}
  <details><summary>What the app sent</summary><pre>${JSON.stringify(thing, null, 2)}</pre></details></div>`;
