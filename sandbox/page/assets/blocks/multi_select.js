// Choosing several: what is chosen as chips, and a field to search the rest.
import { html, useId, useState } from "../vendor/preact.js";

const SHOWN = 8;

export function MultiSelect({ about, choices, value, onChange, placeholder, most }) {
  const [word, setWord] = useState("");
  const [at, setAt] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const listId = useId();
  const names = new Map(choices);
  const found = choices
    .filter(
      ([id, label]) => !value.includes(id) && label.toLowerCase().includes(word.toLowerCase()),
    )
    .slice(0, SHOWN);
  const isFull = most && value.length >= most;
  const add = ([id]) => {
    onChange([...value, id]);
    setWord("");
    setAt(0);
  };
  const remove = (id) => onChange(value.filter((each) => each !== id));
  const onKeyDown = (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      setAt((at + (event.key === "ArrowDown" ? 1 : -1) + found.length) % (found.length || 1));
    } else if (event.key === "Enter") {
      event.preventDefault(); // it must not submit the window
      if (isOpen && found[at]) add(found[at]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    } else if (event.key === "Backspace" && !word && value.length) {
      remove(value.at(-1));
    }
  };
  return html`<span class="bk-field bk-multi">
    ${value.map((id) => html`<span class="bk-chip" key=${id}>${names.get(id) || id}<button type="button" aria-label=${`Remove ${names.get(id) || id}`} onClick=${() => remove(id)}>✕</button></span>`)}
    <input ...${about} role="combobox" aria-expanded=${isOpen} aria-controls=${listId} aria-autocomplete="list" autocomplete="off"
      aria-activedescendant=${isOpen && found[at] ? `${listId}-${at}` : undefined} value=${word} disabled=${isFull} placeholder=${value.length ? "" : placeholder || "Search …"}
      onInput=${({ target }) => (setWord(target.value), setAt(0), setOpen(true))} onFocus=${() => setOpen(true)} onBlur=${() => setOpen(false)} onKeyDown=${onKeyDown} />
    ${
      isOpen &&
      !isFull &&
      html`<ul class="bk-choices" role="listbox" id=${listId}>${found.map(
        ([id, label], place) => html`<li key=${id} id=${`${listId}-${place}`}
      role="option" aria-selected=${place === at} onPointerDown=${(event) => (event.preventDefault(), add([id]))}>${label}</li>`,
      )}
      ${found.length === 0 && html`<li class="bk-none">Nothing found</li>`}</ul>`
    }
  </span>`;
}
