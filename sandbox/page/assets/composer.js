// Where messages are written: Enter sends, Shift+Enter breaks the line, @ # / : complete.
import { html, useEffect, useId, useLayoutEffect, useRef, useState } from "./vendor/preact.js";
import { complete } from "./completion.js";
import { openForm } from "./form.js";
import { Item, Menu } from "./parts.js";
import { act, ask, channels, edit, me, overview, say, threadOf, timelineOf } from "./store.js";

const DRAFT = "askaround-draft"; // the event by which an act writes into a composer

export function writeDraft(text, threadTs = "") {
  document.dispatchEvent(new CustomEvent(DRAFT, { detail: { text, threadTs } }));
}

export function Composer({
  channelId,
  threadTs = "",
  editTs = "",
  text: given = "",
  label,
  onDone,
}) {
  // By name: a server that starts again gives out other identifiers.
  const draft = `draft/${me.value.name}/${channels.value.get(channelId)?.name}/${threadTs}`;
  const [text, setText] = useState(editTs ? given : sessionStorage.getItem(draft) || "");
  const [offered, setOffered] = useState(null);
  const [chosen, setChosen] = useState(0);
  const [broadcast, setBroadcast] = useState(false);
  const [files, setFiles] = useState([]);
  const picker = useRef();
  const box = useRef();
  const cursor = useRef(null); // where it belongs once the text is drawn; null: where it is
  const listId = useId();

  const put = (next) => {
    setText(next);
    if (!editTs) sessionStorage.setItem(draft, next);
  };
  useLayoutEffect(() => {
    box.current.style.height = "auto";
    box.current.style.height = `${Math.min(box.current.scrollHeight, 240)}px`;
    // With the text, not a frame later: by then the person may have selected something else.
    if (cursor.current !== null) box.current.setSelectionRange(cursor.current, cursor.current);
    cursor.current = null;
  }, [text]);
  useEffect(() => {
    if (editTs || threadTs) focusEnd(box.current);
    const take = ({ detail }) => {
      if (editTs || detail.threadTs !== threadTs) return;
      put(detail.text);
      requestAnimationFrame(() => focusEnd(box.current));
    };
    document.addEventListener(DRAFT, take);
    return () => document.removeEventListener(DRAFT, take);
  }, []);

  const send = async () => {
    const words = text.trim();
    if (!words && !files.length) return;
    put("");
    setOffered(null);
    try {
      await deliver({ words, channelId, threadTs, editTs, broadcast, files });
      setBroadcast(false);
      setFiles([]);
      onDone?.();
    } catch (error) {
      setText((now) => now || words); // nothing written is lost
      sessionStorage.setItem(draft, words);
      say(error.message);
    }
  };
  const insert = (option) => {
    const at = box.current.selectionStart;
    const next = text.slice(0, offered.start) + option.insert + text.slice(at);
    put(next);
    setOffered(null);
    cursor.current = offered.start + option.insert.length;
  };
  const onInput = ({ target }) => {
    put(target.value);
    setOffered(complete(target.value, target.selectionStart, channelId));
    setChosen(0);
  };
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    const take = KEYS[event.key];
    const isWhole = offered?.options[chosen].insert.trim() === text.slice(offered?.start).trim();
    if (offered && take && !(event.key === "Enter" && isWhole)) {
      event.preventDefault();
      event.stopPropagation();
      take({ offered, chosen, setChosen, setOffered, insert });
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && editTs) {
      event.stopPropagation();
      onDone?.();
    } else if (event.key === "ArrowUp" && !text && !editTs) {
      editLast(channelId, threadTs);
    }
  };
  return html`<form class="composer" onSubmit=${(event) => (event.preventDefault(), send())}>
    ${
      offered &&
      html`<ul class="offers" role="listbox" id=${listId} aria-label="Suggestions">
      ${offered.options.map(
        (
          option,
          at,
        ) => html`<li key=${option.insert} id=${`${listId}-${at}`} role="option" aria-selected=${at === chosen}
        onPointerDown=${(event) => (event.preventDefault(), insert(option))}><strong>${option.label}</strong> <small>${option.hint}</small></li>`,
      )}
    </ul>`
    }
    <textarea ref=${box} rows="1" value=${text} placeholder=${label} aria-label=${label} onInput=${onInput} onKeyDown=${onKeyDown} dir="auto"
      onBlur=${() => setOffered(null)} role="combobox" aria-expanded=${Boolean(offered)} aria-controls=${listId} aria-autocomplete="list"
      aria-activedescendant=${offered ? `${listId}-${chosen}` : undefined}></textarea>
    ${
      files.length > 0 &&
      html`<p class="files">${files.map((name) => html`<span class="bk-chip" key=${name}>📎 ${name}<button type="button" aria-label=${`Remove ${name}`} onClick=${() => setFiles(files.filter((each) => each !== name))}>✕</button></span>`)}</p>`
    }
    <div class="bar">
      ${!editTs && html`<${More} attach=${() => picker.current.click()} channelId=${channelId} inThread=${Boolean(threadTs)} />`}
      <input type="file" multiple hidden ref=${picker} aria-label="Files" onChange=${({ target }) => setFiles([...files, ...[...target.files].map(({ name }) => name)])} />
      ${
        threadTs &&
        html`<label><input type="checkbox" checked=${broadcast} onChange=${({ target }) => setBroadcast(target.checked)} />
        Also send to #${channels.value.get(channelId)?.name}</label>`
      }
      <span class="space"></span>
      ${editTs && html`<button type="button" onClick=${onDone}>Cancel</button>`}
      <button type="submit" class="primary" disabled=${!text.trim() && !files.length}>${editTs ? "Save" : "Send"}</button>
    </div>
  </form>`;
}

const KEYS = {
  ArrowDown: ({ offered, chosen, setChosen }) => setChosen((chosen + 1) % offered.options.length),
  ArrowUp: ({ offered, chosen, setChosen }) =>
    setChosen((chosen - 1 + offered.options.length) % offered.options.length),
  Enter: ({ offered, chosen, insert }) => insert(offered.options[chosen]),
  Tab: ({ offered, chosen, insert }) => insert(offered.options[chosen]),
  Escape: ({ setOffered }) => setOffered(null),
};

// What comes into a channel otherwise than by typing.
function More({ attach, channelId, inThread }) {
  return html`<${Menu} label="Add to the message" face="+" className="upwards">${(close) => html`
    <${Item} onClick=${() => (close(), attach())} hint="Its name is sent, not its content">Attach a file …<//>
    ${!inThread && html`<${Item} onClick=${() => (close(), postForm(channelId))} hint="As a workflow of Slack's does">Post a form …<//>`}`}<//>`;
}

function postForm(channelId) {
  openForm({
    title: "Post a form",
    hint: "A workflow posts in its own name what somebody filled in. An admin says which of them ask: /askaround channel form and its name.",
    submit: "Post",
    fields: [
      { name: "workflow", label: "The workflow's name", value: "Pallet request" },
      {
        name: "text",
        label: "What it posts",
        type: "long",
        value:
          "*Who:* @bob\n*Where:* Dock 4\n*What:* How do I get twenty pallets to dock 4 by noon?",
      },
    ],
    onSubmit: ({ workflow, text }) =>
      ask("/sandbox/change", {
        change: "post_form",
        channel: channelId,
        workflow,
        text: text.replace(/@([\w.-]+)/g, mentioned),
      }),
  });
}

const mentioned = (whole, name) => {
  const user = overview.value.users.find((each) => each.name === name);
  return user ? `<@${user.id}>` : whole;
};

function deliver({ words, channelId, threadTs, editTs, broadcast, files }) {
  if (editTs) return act("retype", { channel: channelId, ts: editTs, text: words });
  const name = words.split(/\s/, 1)[0];
  const isCommand = overview.value.commands.some(({ command }) => command === name);
  if (isCommand && threadTs)
    throw new Error("Slack takes commands in the channel, not in a thread.");
  if (isCommand) {
    return act("type_command", { channel: channelId, text: words });
  }
  return act("type", {
    channel: channelId,
    text: words,
    ...(files.length && { files }),
    ...(threadTs && { thread_ts: threadTs, broadcast }),
  });
}

function focusEnd(box) {
  box?.focus();
  box?.setSelectionRange(box.value.length, box.value.length);
}

function editLast(channelId, threadTs) {
  const messages = threadTs
    ? threadOf(channelId, threadTs).value
    : timelineOf(channelId).value.messages;
  const last = messages?.findLast(({ user, subtype }) => user === me.value.id && !subtype);
  if (last) edit(channelId, last.ts);
}
