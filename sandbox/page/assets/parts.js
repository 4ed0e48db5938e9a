// Small things used in many places: avatars, icon buttons, menus that open and close.
import { html, useEffect, useRef, useState } from "./vendor/preact.js";

const COLOURS = 8;

export function Avatar({ user, small }) {
  const initials = (user?.real_name || "?")
    .split(/\s+/)
    .slice(0, 2)
    .map(([letter]) => letter)
    .join("");
  const colour =
    [...(user?.id || "")].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7) %
    COLOURS;
  const kind = user?.is_bot ? "bot" : `colour-${colour}`;
  return html`<span class=${`avatar ${kind} ${small ? "small" : ""}`} aria-hidden="true">
    ${user?.is_bot ? "💬" : initials}
  </span>`;
}

export function IconButton({ label, children, ...rest }) {
  return html`<button type="button" class="icon" aria-label=${label} title=${label} ...${rest}>${children}</button>`;
}

// A button with a popup that closes on Escape, on a click elsewhere and when focus leaves.
export function Menu({ label, face, children, className = "" }) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef();
  useEffect(() => {
    if (!isOpen) return undefined;
    const closeOutside = (event) => root.current?.contains(event.target) || setOpen(false);
    document.addEventListener("pointerdown", closeOutside);
    standAbove(root.current.querySelector(".popup"));
    root.current.querySelector(".popup input, .popup button")?.focus();
    return () => document.removeEventListener("pointerdown", closeOutside);
  }, [isOpen]);
  const close = () => {
    setOpen(false);
    root.current?.querySelector("button")?.focus();
  };
  const onKeyDown = (event) => {
    if (!isOpen) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      moveFocus(root.current, event.key === "ArrowDown" ? 1 : -1);
    }
  };
  return html`<span class=${`menu ${className}`} ref=${root} onKeyDown=${onKeyDown}>
    <button type="button" class=${className.includes("wide") ? "face" : "icon"} aria-label=${label} title=${label}
      aria-haspopup="true" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>${face}</button>
    ${isOpen && html`<div class="popup" role="group" aria-label=${label}>${children(close)}</div>`}
  </span>`;
}

// Where there is no room below.
function standAbove(popup) {
  const room = popup.closest(".messages")?.getBoundingClientRect() ?? {
    top: 0,
    bottom: innerHeight,
  };
  const { bottom, height } = popup.getBoundingClientRect();
  const isRoomAbove = popup.parentElement.getBoundingClientRect().top - height > room.top;
  popup.classList.toggle("above", bottom > room.bottom && isRoomAbove);
}

function moveFocus(root, step) {
  const items = [...root.querySelectorAll(".popup button")];
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length]?.focus();
}

export function Item({ onClick, children, hint, danger }) {
  return html`<button type="button" class=${`item ${danger ? "danger" : ""}`} onClick=${onClick}>
    <span>${children}</span>${hint && html`<small>${hint}</small>`}
  </button>`;
}
