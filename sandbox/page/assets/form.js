// A small window of the local Slack's own, for what its people do beside messages.
import { html, signal, useEffect, useRef, useState } from "./vendor/preact.js";
import { say } from "./store.js";

// {title, hint, submit, fields: [{name, label, type, value, options, isOptional}], onSubmit}
const shown = signal(null);

export const openForm = (form) => {
  shown.value = form;
};

export function Form() {
  return shown.value && html`<${Window} key=${shown.value.title} form=${shown.value} />`;
}

function Window({ form }) {
  const dialog = useRef();
  const [values, setValues] = useState(() =>
    Object.fromEntries(form.fields.map(({ name, value }) => [name, value ?? ""])),
  );
  useEffect(() => dialog.current.showModal(), []);
  const close = (event) => {
    event?.preventDefault();
    shown.value = null;
  };
  const submit = async (event) => {
    event.preventDefault();
    try {
      await form.onSubmit(values);
      close();
    } catch (error) {
      say(error.message);
    }
  };
  const put = (name, value) => setValues({ ...values, [name]: value });
  return html`<dialog class="modal form" ref=${dialog} onCancel=${close} aria-labelledby="form-title">
    <form onSubmit=${submit}>
      <header><h2 id="form-title">${form.title}</h2><button type="button" class="icon" aria-label="Close" onClick=${close}>✕</button></header>
      <div class="inside">
        ${form.hint && html`<p class="about">${form.hint}</p>`}
        ${form.fields.map((field) => html`<${Field} key=${field.name} field=${field} value=${values[field.name]} onChange=${(value) => put(field.name, value)} />`)}
      </div>
      <footer><button type="button" onClick=${close}>Cancel</button><button type="submit" class="primary">${form.submit}</button></footer>
    </form>
  </dialog>`;
}

function Field({ field, value, onChange }) {
  const { name, label, type = "text", options, isOptional } = field;
  const onInput = ({ target }) => onChange(target.value);
  const about = { id: `form-${name}`, name, value, required: !isOptional, onInput };
  if (type === "check")
    return html`<label class="check"><input type="checkbox" checked=${value} onChange=${({ target }) => onChange(target.checked)} /> ${label}</label>`;
  return html`<label class="bk-label" for=${`form-${name}`}>${label}${isOptional && html`<small> (optional)</small>`}</label>
    ${
      type === "select"
        ? html`<select class="bk-field" ...${about}>${options.map(([id, text]) => html`<option key=${id} value=${id} selected=${id === value}>${text}</option>`)}</select>`
        : type === "long"
          ? html`<textarea class="bk-field" rows="4" ...${about}></textarea>`
          : html`<input class="bk-field" type="text" autocomplete="off" ...${about} />`
    }`;
}
