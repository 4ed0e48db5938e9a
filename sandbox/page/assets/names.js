// What the renderer of messages and views needs to know of the workspace.
import { act, channels, me, now, openChannel, openThread, overview, say, users } from "./store.js";
import { localeOf } from "./times.js";

export const nameOf = (id) => users.value.get(id)?.real_name;

export function channelTitle(channel) {
  return channel.kind === "im" ? nameOf(channel.with) || "Direct message" : channel.name;
}

// `where` says what the blocks stand on: {target} and, for a message, {channel}.
export function contextFor(where, more = {}) {
  return {
    me: me.value.id,
    tz: me.value.tz,
    locale: localeOf(me.value),
    userName: nameOf,
    channelName: (id) => channels.value.get(id)?.name,
    groupHandle: (id) => overview.value.usergroups.find((group) => group.id === id)?.handle,
    users: overview.value.users,
    channels: overview.value.channels.filter(({ kind }) => kind !== "im"),
    now,
    openUser: () => {},
    openChannel: (id) => channels.value.has(id) && openChannel(id),
    openLink,
    act: (action) => act(...actOf(where, action)),
    ...more,
  };
}

function actOf(where, { block_id, action_id, type, value }) {
  const isButton = type === "button" || type === "workflow_button";
  const given = { ...where, block_id, action_id };
  if (!isButton) return ["choose", { ...given, value }];
  return ["click", value === undefined || value === "" ? given : { ...given, value }];
}

// A message's permalink opens here instead of at slack.com.
export function openLink(url, event) {
  const found = url.match(/^https:\/\/[^/]+\/archives\/(\w+)\/p(\d+)(\d{6})(?:\?(.*))?$/);
  if (!found || !url.startsWith(`https://${overview.value.team.domain}.`)) return;
  event?.preventDefault();
  const thread = new URLSearchParams(found[4]?.replaceAll("&amp;", "&")).get("thread_ts");
  const ts = `${found[2]}.${found[3]}`;
  if (channels.value.has(found[1])) openThread(found[1], thread || ts);
  else say("That message is in a channel you cannot see.");
}

export const permalinkOf = (channelId, { ts, thread_ts }) =>
  `https://${overview.value.team.domain}.slack.com/archives/${channelId}/p${ts.replace(".", "")}` +
  (thread_ts && thread_ts !== ts ? `?thread_ts=${thread_ts}&cid=${channelId}` : "");

export const roleOf = (user) =>
  user.is_bot
    ? "App"
    : user.is_guest
      ? "Guest"
      : user.is_external
        ? "Other company"
        : user.is_admin
          ? "Admin"
          : "";
