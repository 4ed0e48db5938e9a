// Moments in the acting person's own time zone.
import { me, now } from "./store.js";

const formats = new Map();

function format(options) {
  const { tz } = me.value;
  const locale = localeOf(me.value);
  const key = JSON.stringify([tz, locale, options]);
  if (!formats.has(key))
    formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: tz, ...options }));
  return formats.get(key);
}

// The page is in English; who reads English keeps their own way of writing dates.
export const localeOf = ({ locale }) => (locale?.startsWith("en") ? locale : "en-GB");

export const momentOf = (ts) => Number(ts) * 1000;
export const clockTime = (ms) => format({ hour: "2-digit", minute: "2-digit" }).format(ms);
export const fullTime = (ms) => format({ dateStyle: "full", timeStyle: "medium" }).format(ms);
export const weekdayTime = (ms) =>
  format({
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(ms);
export const dayKey = (ms) =>
  format({ year: "numeric", month: "numeric", day: "numeric" }).format(ms);

export function dayName(ms) {
  const day = dayKey(ms);
  if (day === dayKey(now())) return "Today";
  if (day === dayKey(now() - 86_400_000)) return "Yesterday";
  return format({ weekday: "long", day: "numeric", month: "long" }).format(ms);
}

export function ago(ms) {
  const minutes = Math.round((now() - ms) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.round(minutes / 60)} h ago`;
  const days = Math.round(minutes / 1440);
  return days === 1 ? "a day ago" : `${days} days ago`;
}

export const timeIn = (tz) =>
  new Intl.DateTimeFormat("en-GB", {
    timeZone: tz,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
  }).format(now());

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

// The next such day at that hour and minute of the person's own clock, in milliseconds.
export function nextDay(name, hour, minute) {
  const local = asUtc(now());
  const days = (DAYS.indexOf(name) - local.getUTCDay() + 7) % 7;
  const isOver =
    days === 0 && local.getUTCHours() * 60 + local.getUTCMinutes() >= hour * 60 + minute;
  local.setUTCDate(local.getUTCDate() + (isOver ? 7 : days));
  local.setUTCHours(hour, minute, 0, 0);
  const guess = local.getTime() - offsetAt(now());
  return local.getTime() - offsetAt(guess); // the clocks may change on the way
}

const offsetAt = (ms) => asUtc(ms).getTime() - Math.floor(ms / 1000) * 1000;

function asUtc(ms) {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: me.value.tz,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(ms);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, Number(value)]));
  return new Date(
    Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second),
  );
}
