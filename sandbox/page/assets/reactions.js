// Choosing an emoji: the usual ones, or any by its name.
import { html, useState } from "./vendor/preact.js";
import emoji from "./vendor/emoji.js";

const USUAL = [
  "white_check_mark",
  "question",
  "eyes",
  "+1",
  "pray",
  "raised_hands",
  "heart",
  "tada",
  "thinking_face",
  "smile",
];
const FOUND = 40;

export const findEmoji = (word, most = FOUND) =>
  Object.keys(emoji)
    .filter((name) => name.includes(word))
    .sort((a, b) => a.indexOf(word) - b.indexOf(word) || a.length - b.length)
    .slice(0, most);

export function ReactionPicker({ onPick }) {
  const [word, setWord] = useState("");
  const names = word
    ? findEmoji(word.toLowerCase().replaceAll(":", "").replaceAll(" ", "_"))
    : USUAL;
  return html`<div class="picker">
    <input type="search" placeholder="Search emoji" aria-label="Search emoji" value=${word} onInput=${(event) => setWord(event.target.value)}
      onKeyDown=${(event) => event.key === "Enter" && names[0] && onPick(names[0])} />
    <div class="choices">${names.map(
      (
        name,
      ) => html`<button key=${name} type="button" class="icon" aria-label=${name} title=${`:${name}:`}
      onClick=${() => onPick(name)}>${emoji[name]}</button>`,
    )}</div>
    ${names.length === 0 && html`<p class="hint">No emoji has that name.</p>`}
  </div>`;
}
