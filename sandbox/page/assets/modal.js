// The app's window on top of the page, with inputs and what is wrong with them.
import { html, signal, useEffect, useRef } from "./vendor/preact.js";
import { Blocks, initialValues } from "./blocks/index.js";
import { contextFor } from "./names.js";
import { act, attempt, say, view } from "./store.js";

const PROBLEMS = {
  required: "Please complete this required field.",
  too_short: "This is too short.",
  too_long: "This is too long.",
};
const values = signal({});
const errors = signal({});
const isBusy = signal(false);

export function Modal() {
  const shown = view.value;
  const dialog = useRef();
  const opened = useRef(null);
  useEffect(() => {
    if (shown && opened.current !== shown.id) {
      values.value = {};
      opened.current = shown.id;
    }
    if (!shown) opened.current = null;
    errors.value = {};
    isBusy.value = false;
    if (shown && !dialog.current.open) dialog.current.showModal();
  }, [shown?.id, shown?.hash]);
  if (!shown) return null;
  const filled = mergedValues(initialValues(shown), values.value);
  const context = contextFor(
    { target: "view" },
    {
      values: filled,
      errors: errors.value,
      setValue: (blockId, actionId, value) => {
        values.value = {
          ...values.value,
          [blockId]: { ...values.value[blockId], [actionId]: value },
        };
      },
    },
  );
  const close = (event) => {
    event?.preventDefault();
    attempt(act("close_view"));
  };
  const submit = async (event) => {
    event.preventDefault();
    isBusy.value = true;
    errors.value = {};
    try {
      errors.value = (await act("submit", { values: inputsOf(shown, filled) })).errors;
    } catch (error) {
      const problems = error.details?.problems || {};
      errors.value = Object.fromEntries(
        Object.entries(problems).map(([id, what]) => [id, PROBLEMS[what] || what]),
      );
      if (Object.keys(problems).length === 0) say(error.message);
    }
    isBusy.value = false;
  };
  return html`<dialog class="modal" ref=${dialog} onCancel=${close} aria-labelledby="modal-title">
    <form onSubmit=${submit} novalidate>
      <header><h2 id="modal-title">${shown.title?.text}</h2><button type="button" class="icon" aria-label="Close" onClick=${close}>✕</button></header>
      <div class="inside"><${Blocks} blocks=${shown.blocks} context=${context} /></div>
      <footer>
        <button type="button" onClick=${close}>${shown.close?.text || "Close"}</button>
        ${shown.submit && html`<button type="submit" class="primary" aria-busy=${isBusy.value} disabled=${isBusy.value}>${shown.submit.text}</button>`}
      </footer>
    </form>
  </dialog>`;
}

function mergedValues(initial, typed) {
  const merged = { ...initial };
  for (const [blockId, actions] of Object.entries(typed))
    merged[blockId] = { ...merged[blockId], ...actions };
  return merged;
}

function inputsOf({ blocks }, filled) {
  const inputs = blocks.filter(({ type }) => type === "input");
  return Object.fromEntries(
    inputs.map(({ block_id, element }) => [
      block_id,
      { [element.action_id]: filled[block_id]?.[element.action_id] ?? null },
    ]),
  );
}
