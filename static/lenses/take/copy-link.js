/**
 * A link that opens the page in this state.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { toQuery } from "../../core/store.js";
import { announce } from "../../ui/announce.js";
import { copy } from "../../ui/clipboard.js";
import { find } from "../../ui/dom.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountCopyLink(root, store) {
  const button = root;
  const label = find(button, "span");
  const usual = label.textContent;
  let timer = 0;
  button.addEventListener("click", async () => {
    const link = `${location.origin}${location.pathname}${toQuery(store.get())}`;
    const copied = await copy(link);
    const text = copied ? "Link copied" : "Copy it from the address bar";
    label.textContent = text;
    announce(text);
    clearTimeout(timer);
    timer = setTimeout(() => (label.textContent = usual), 2000);
  });
}
