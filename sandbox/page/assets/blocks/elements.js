// The elements a person presses, chooses or fills in.
import { html, useRef, useState } from "../vendor/preact.js";
import { Item, Menu } from "../parts.js";
import { Link, PlainText, Text } from "./inline.js";
import { MultiSelect } from "./multi_select.js";
import { Unknown } from "./unknown.js";

const field = (name) => ({
  kept: (state) => state[name] ?? null,
  initial: (element) =>
    element[name.replace("selected", "initial")] ?? element[`initial_${name}`] ?? null,
});
const option = {
  kept: ({ selected_option: chosen }) => chosen?.value ?? null,
  initial: ({ initial_option: first }) => first?.value ?? null,
};
const options = {
  kept: ({ selected_options: chosen }) => (chosen || []).map(({ value }) => value),
  initial: ({ initial_options: first }) => (first || []).map(({ value }) => value),
};

// How each input's value is read from what Slack keeps, and from what the app gave.
export const INPUTS = {
  plain_text_input: field("value"),
  email_text_input: field("value"),
  url_text_input: field("value"),
  number_input: field("value"),
  datepicker: field("selected_date"),
  timepicker: field("selected_time"),
  datetimepicker: field("selected_date_time"),
  users_select: field("selected_user"),
  channels_select: field("selected_channel"),
  conversations_select: field("selected_conversation"),
  multi_users_select: field("selected_users"),
  multi_channels_select: field("selected_channels"),
  multi_conversations_select: field("selected_conversations"),
  static_select: option,
  radio_buttons: option,
  multi_static_select: options,
  checkboxes: options,
};

export function Element(props) {
  const { element, context } = props;
  const Kind = Object.hasOwn(KINDS, element?.type) ? KINDS[element.type] : null;
  if (!Kind) return html`<${Unknown} what="element" thing=${element} />`;
  return html`<span class="bk-element" data-action-id=${element.action_id}><${Kind} ...${props} context=${context} /></span>`;
}

// Acting: at once outside an input, at the submission inside one.

function useAct({ element, block, context }) {
  const [state, setState] = useState({ isBusy: false, problem: "" });
  const running = useRef(false);
  const act = async (value) => {
    if (running.current) return;
    running.current = true;
    setState({ isBusy: true, problem: "" });
    const done = await context
      .act({ block_id: block.block_id, action_id: element.action_id, type: element.type, value })
      .then(
        () => "",
        (error) => error.message,
      );
    running.current = false;
    setState({ isBusy: false, problem: done });
  };
  return [act, state];
}

function useValue(props) {
  const { element, block, context } = props;
  const [act, state] = useAct(props);
  const isInput = block.type === "input";
  const [own, setOwn] = useState(INPUTS[element.type].initial(element));
  const value = isInput ? (context.values?.[block.block_id]?.[element.action_id] ?? null) : own;
  const choose = (next) => {
    if (isInput) context.setValue(block.block_id, element.action_id, next);
    else setOwn(next);
    if (!isInput || block.dispatch_action) act(next);
  };
  return [value, choose, state];
}

const Problem = ({ state }) =>
  state.problem && html`<span class="bk-error" role="alert">${state.problem}</span>`;

const about = ({ id, described, invalid, labelledBy, element }) => ({
  id,
  "aria-describedby": described,
  "aria-invalid": invalid || undefined,
  "aria-label": labelledBy ? undefined : element.placeholder?.text || element.action_id,
});

function Button(props) {
  const { element, context } = props;
  const [act, state] = useAct(props);
  const [isAsking, setAsking] = useState(false);
  const face = html`<${PlainText} object=${element.text} />`;
  const classes = `bk-button ${element.style || ""}`;
  const press = () => act(element.value ?? "");
  if (element.url)
    return html`<${Link} url=${element.url} context=${context} class=${classes} onMouseUp=${press}>${face}<//>`;
  return html`<button type="button" class=${classes} aria-busy=${state.isBusy} disabled=${state.isBusy}
      aria-label=${element.accessibility_label} onClick=${() => (element.confirm ? setAsking(true) : press())}>${face}</button>
    ${isAsking && html`<${Confirm} confirm=${element.confirm} context=${context} onEnd=${(yes) => (setAsking(false), yes && press())} />`}
    <${Problem} state=${state} />`;
}

function Confirm({ confirm, context, onEnd }) {
  const open = (dialog) => dialog && !dialog.open && dialog.showModal();
  return html`<dialog class="bk-confirm" ref=${open} onCancel=${() => onEnd(false)}>
    <h3><${PlainText} object=${confirm.title} /></h3><${Text} text=${confirm.text.text} context=${context} />
    <div class="bk-confirm-buttons">
      <button type="button" class="bk-button" onClick=${() => onEnd(false)}><${PlainText} object=${confirm.deny} /></button>
      <button type="button" class=${`bk-button ${confirm.style || "primary"}`} onClick=${() => onEnd(true)}><${PlainText} object=${confirm.confirm} /></button>
    </div></dialog>`;
}

function TextInput(props) {
  const { element } = props;
  const [value, choose, state] = useValue(props);
  const tag = element.multiline ? "textarea" : "input";
  const type =
    { email_text_input: "email", url_text_input: "url", number_input: "number" }[element.type] ||
    "text";
  const left = element.max_length ? element.max_length - (value || "").length : null;
  return html`<${tag} class="bk-field" ...${about(props)} type=${tag === "input" ? type : undefined} rows=${element.multiline ? 5 : undefined} dir="auto"
      value=${value || ""} placeholder=${element.placeholder?.text} maxlength=${element.max_length} autofocus=${element.focus_on_load}
      onInput=${({ target }) => choose(target.value || null)} />
    ${left !== null && left < 50 && html`<small class="bk-left">${left}</small>`}<${Problem} state=${state} />`;
}

const inputOf = (type) =>
  function Picker(props) {
    const [value, choose, state] = useValue(props);
    return html`<input class="bk-field short" ...${about(props)} type=${type} value=${value || ""}
    onChange=${({ target }) => choose(target.value || null)} /><${Problem} state=${state} />`;
  };

function DateTime(props) {
  const [value, choose, state] = useValue(props);
  const shown = value ? new Date(value * 1000).toISOString().slice(0, 16) : "";
  return html`<input class="bk-field short" ...${about(props)} type="datetime-local" value=${shown}
    onChange=${({ target }) => choose(target.value ? Date.parse(`${target.value}Z`) / 1000 : null)} /><${Problem} state=${state} />`;
}

// Selects: pairs of [value, label], from the app's options or from the workspace

const labelled = ({ value, text }) => [value, text.text];
const ofOptions = ({ options: all, option_groups: groups }) =>
  (all || (groups || []).flatMap((group) => group.options)).map(labelled);
const ofUsers = (_element, { users }) =>
  users
    .filter(({ is_bot, deleted }) => !is_bot && !deleted)
    .map(({ id, real_name, name }) => [id, `${real_name} (@${name})`]);
const ofChannels = (_element, { channels }) => channels.map(({ id, name }) => [id, `#${name}`]);

const single = (choices) =>
  function Select(props) {
    const { element, context } = props;
    const [value, choose, state] = useValue(props);
    return html`<select class="bk-field short" ...${about(props)} value=${value || ""} disabled=${state.isBusy} onChange=${({ target }) => choose(target.value || null)}>
    <option value="">${element.placeholder?.text || "Choose …"}</option>
    ${choices(element, context).map(([id, label]) => html`<option key=${id} value=${id} selected=${id === value}>${label}</option>`)}
  </select><${Problem} state=${state} />`;
  };

const multiple = (choices) =>
  function Several(props) {
    const { element, context } = props;
    const [value, choose, state] = useValue(props);
    return html`<${MultiSelect} about=${about(props)} choices=${choices(element, context)} value=${value || []} onChange=${choose}
    placeholder=${element.placeholder?.text} most=${element.max_selected_items} /><${Problem} state=${state} />`;
  };

function Boxes(props) {
  const { element, labelledBy, id } = props;
  const [value, choose, state] = useValue(props);
  const isMany = element.type === "checkboxes";
  const isOn = (each) => (isMany ? (value || []).includes(each) : value === each);
  const toggle = (each) =>
    choose(
      !isMany
        ? each
        : isOn(each)
          ? value.filter((other) => other !== each)
          : [...(value || []), each],
    );
  return html`<span class="bk-boxes" role=${isMany ? "group" : "radiogroup"} aria-labelledby=${labelledBy}>
    ${element.options.map(
      (
        each,
      ) => html`<label key=${each.value}><input type=${isMany ? "checkbox" : "radio"} name=${id || element.action_id}
      checked=${isOn(each.value)} onChange=${() => toggle(each.value)} /><span>${each.text.text}
      ${each.description && html`<small>${each.description.text}</small>`}</span></label>`,
    )}</span><${Problem} state=${state} />`;
}

function Overflow(props) {
  const [act, state] = useAct(props);
  return html`<${Menu} label="More" face="⋯" className="bk-overflow">${(close) =>
    props.element.options.map(
      (each) =>
        html`<${Item} key=${each.value} onClick=${() => (close(), act(each.value))}><${PlainText} object=${each.text} /><//>`,
    )}<//><${Problem} state=${state} />`;
}

const KINDS = {
  button: Button,
  workflow_button: Button,
  overflow: Overflow,
  image: ({ element }) =>
    html`<img class="bk-thumb" src=${element.image_url} alt=${element.alt_text} />`,
  plain_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: TextInput,
  datepicker: inputOf("date"),
  timepicker: inputOf("time"),
  datetimepicker: DateTime,
  static_select: single(ofOptions),
  users_select: single(ofUsers),
  channels_select: single(ofChannels),
  conversations_select: single(ofChannels),
  multi_static_select: multiple(ofOptions),
  multi_users_select: multiple(ofUsers),
  multi_channels_select: multiple(ofChannels),
  multi_conversations_select: multiple(ofChannels),
  checkboxes: Boxes,
  radio_buttons: Boxes,
};
