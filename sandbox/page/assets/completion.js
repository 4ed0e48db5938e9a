// What the composer offers after @, #, / and :.
import emoji from "./vendor/emoji.js";
import { channels, overview } from "./store.js";
import { findEmoji } from "./reactions.js";

const MOST = 8;

// {start, options: [{insert, label, hint}]} for the word before the cursor, or null.
export function complete(text, cursor, channelId) {
  const before = text.slice(0, cursor);
  const command = before.match(/^\/(\w*)$/);
  if (command) return offer(0, commands(before));
  const found = before.match(/(?:^|[\s(])([@#:])([\w.+-]*)$/);
  if (!found || (found[1] === ":" && found[2].length < 2)) return null;
  const start = cursor - found[2].length - 1;
  const word = found[2].toLowerCase();
  const makers = { "@": people, "#": rooms, ":": signs };
  return offer(start, makers[found[1]](word, channelId));
}

const offer = (start, options) =>
  options.length ? { start, options: options.slice(0, MOST) } : null;

const commands = (typed) =>
  overview.value.commands
    .filter(({ command }) => command.startsWith(typed))
    .map(({ command, description, usage_hint }) => ({
      insert: `${command} `,
      label: `${command} ${usage_hint || ""}`,
      hint: description,
    }));

function people(word, channelId) {
  const members = new Set(channels.value.get(channelId)?.members);
  const known = overview.value.users
    .filter((user) => !user.deleted && matches(word, user.name, user.real_name))
    .sort((a, b) => members.has(b.id) - members.has(a.id) || a.real_name.localeCompare(b.real_name))
    .map((user) => ({
      insert: `@${user.name} `,
      label: user.real_name,
      hint: members.has(user.id) ? `@${user.name}` : "not in this channel",
    }));
  const everybody = ["here", "channel"]
    .filter((name) => word && name.startsWith(word))
    .map((name) => ({ insert: `@${name} `, label: `@${name}`, hint: "everybody in this channel" }));
  return [...known, ...everybody];
}

const rooms = (word) =>
  overview.value.channels
    .filter(({ kind, name }) => kind !== "im" && matches(word, name))
    .map(({ name }) => ({ insert: `#${name} `, label: `#${name}`, hint: "" }));

const signs = (word) =>
  findEmoji(word, MOST).map((name) => ({
    insert: `:${name}: `,
    label: `${emoji[name]} :${name}:`,
    hint: "",
  }));

const matches = (word, ...names) =>
  names.some(
    (name) =>
      name
        .toLowerCase()
        .split(/[\s.-]/)
        .some((part) => part.startsWith(word)) || name.toLowerCase().startsWith(word),
  );
