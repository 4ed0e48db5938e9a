// What went wrong, in a sentence for the person who acted.
const SENTENCES = {
  account_inactive: "This account is deactivated.",
  already_reacted: "You reacted with this already.",
  cant_delete_message: "Only the author can delete this message.",
  cant_update_message: "Only the author can edit this message.",
  channel_not_found: "There is no such channel, or you cannot see it.",
  dispatch_failed: "The app is not connected, so nothing was sent to it.",
  invalid_inputs: "Some fields need another look.",
  is_archived: "This channel is archived.",
  message_not_found: "This message is gone.",
  name_taken: "That name is taken.",
  no_reaction: "That reaction is gone already.",
  no_such_action: "That button is gone; the message has changed.",
  no_such_command: "There is no such command here.",
  nobody_named: "Say whom: for example /invite @Askaround",
  no_text: "Write something first.",
  not_in_channel: "Join the channel first.",
  operation_timeout: "The app did not answer in time.",
  restricted_action_read_only_channel: "This app reads no messages here.",
  thread_not_found: "This thread is gone.",
  view_not_found: "This window has changed; please look again.",
};

export function sentenceOf(answer) {
  if (!answer) return "The local Slack does not answer. Is it still running?";
  if (answer.error === "msg_too_long") {
    return `This message has ${answer.length.toLocaleString("en")} characters; ${answer.most.toLocaleString("en")} is the limit.`;
  }
  return SENTENCES[answer.error] || `That did not work: ${answer.error}.`;
}
