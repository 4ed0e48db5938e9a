// The tokens of <!date^…>, in the reader's language and zone.
const DAY = 86_400_000;

const FORMS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

export function dateText({ at, form, fallback }, context) {
  if (!Number.isFinite(at) || !form) return fallback;
  return form.replace(/\{(\w+)\}/g, (whole, token) => token_(token, at, context) ?? whole);
}

function token_(token, at, context) {
  if (token === "ago") return ago(at - context.now(), context.locale);
  const base = token.replace(/_pretty$/, "");
  const near = token === base ? "" : nearDay(at, context);
  return near || (FORMS[base] && format(FORMS[base], at, context));
}

const format = (options, at, { tz, locale }) =>
  new Intl.DateTimeFormat(locale, { timeZone: tz, ...options }).format(at);

function nearDay(at, context) {
  const key = (ms) => format(FORMS.date_num, ms, context);
  const days = [
    [0, "today"],
    [-DAY, "yesterday"],
    [DAY, "tomorrow"],
  ];
  return days.find(([step]) => key(context.now() + step) === key(at))?.[1] ?? "";
}

function ago(distance, locale) {
  const units = [
    ["day", DAY],
    ["hour", 3_600_000],
    ["minute", 60_000],
  ];
  const [unit, size] = units.find(([, length]) => Math.abs(distance) >= length) || ["second", 1000];
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(
    Math.round(distance / size),
    unit,
  );
}
