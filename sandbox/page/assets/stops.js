// Where Tab stops in a list of messages: in one message alone, once at what it holds and once at
// its tools. The arrow keys go on from there, to the left and right in these, up and down between
// messages.
import { useEffect } from "./vendor/preact.js";

const CONTROLS = "a[href], button, summary, input, select, textarea";
const APART = ".popup, .composer, dialog"; // opened by somebody, with stops of their own
const KEYS_OF_THEIR_OWN = "input, select, textarea, .popup, dialog";

export function useStops(list) {
  useEffect(() => {
    const box = list.current;
    let here = null;
    const settle = (changed) => {
      const isBeingRead = here && box.contains(here) && box.contains(document.activeElement);
      if (!isBeingRead) stand(messagesIn(box).at(-1));
      for (const message of changed) arrange(message, message === here);
    };
    const stand = (message) => {
      if (!message || message === here) return;
      if (here) arrange(here, false);
      here = message;
      arrange(here, true);
    };
    const onFocus = ({ target }) => stand(target.closest("article"));
    const onKeyDown = (event) => {
      const message = event.target.closest("article");
      if (!message || event.target.closest(KEYS_OF_THEIR_OWN)) return;
      const next = nextOf(event, message, box);
      if (!next) return;
      event.preventDefault();
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    };
    const news = new MutationObserver((records) => settle(changedIn(records)));
    news.observe(box, { childList: true, subtree: true });
    box.addEventListener("focusin", onFocus);
    box.addEventListener("keydown", onKeyDown);
    settle(messagesIn(box));
    return () => {
      news.disconnect();
      box.removeEventListener("focusin", onFocus);
      box.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}

// Those that came, and those in which something did.
function changedIn(records) {
  const changed = new Set();
  for (const { target, addedNodes } of records) {
    const around = target.closest("article");
    if (around) changed.add(around);
    else
      for (const node of addedNodes)
        if (node.matches?.("article")) changed.add(node);
        else for (const message of node.querySelectorAll?.("article") ?? []) changed.add(message);
  }
  return changed;
}

const messagesIn = (box) => [...box.querySelectorAll("article")];

// Two groups of controls, of which one each can be reached with Tab where `isHere`.
function groupsOf(message) {
  const controls = [...message.querySelectorAll(CONTROLS)].filter(
    (each) => !each.disabled && !each.closest(APART),
  );
  const isTool = (each) => each.closest(".tools") !== null;
  return [controls.filter((each) => !isTool(each)), controls.filter(isTool)];
}

function arrange(message, isHere) {
  for (const group of groupsOf(message)) {
    const stop = group.find((each) => each === document.activeElement) || group[0];
    for (const each of group) {
      const wanted = isHere && each === stop ? 0 : -1;
      if (each.tabIndex !== wanted) each.tabIndex = wanted;
    }
  }
}

const STEPS = { ArrowRight: 1, ArrowLeft: -1 };
const WAYS = { ArrowDown: 1, ArrowUp: -1 };

function nextOf({ key, target }, message, box) {
  if (key in WAYS) {
    const messages = messagesIn(box);
    return messages[messages.indexOf(message) + WAYS[key]];
  }
  const group = groupsOf(message).find((each) => each.includes(target));
  if (!(key in STEPS) || !group) return null;
  return group[(group.indexOf(target) + STEPS[key] + group.length) % group.length];
}
