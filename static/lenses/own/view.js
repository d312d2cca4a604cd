/**
 * Your own model: the section is built when it comes near, since few who open the page bring one.
 *
 * @typedef {import("../../core/types.js").Store} Store
 */
import { retryImport } from "../../core/import-retry.js";
import { announceIn } from "../../ui/announce.js";

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountOwn(root, store) {
  const file = /** @type {HTMLInputElement | null} */ (root.querySelector("#own-form [type=file]"));
  let begun = false;

  /** Of a file that waits for who is to send it. @param {string} text */
  function complain(text) {
    const problem = root.querySelector("[data-problem]");
    if (!(problem instanceof HTMLElement)) return; // switched off on this server
    announceIn(problem, text);
    problem.hidden = !text;
  }

  async function build() {
    if (begun) return;
    begun = true;
    watch.disconnect();
    const { mountSection } = await retryImport(
      async () => await import("./section.js"),
      () => file?.files?.length && complain("The server does not answer. Trying again by itself."),
    );
    complain("");
    mountSection(root, store);
  }

  const watch = new IntersectionObserver(
    (entries) => {
      if (entries.some((entry) => entry.isIntersecting)) build();
    },
    { rootMargin: "1200px 0px" },
  );
  watch.observe(root);
  // a file may be there before anybody has been near, or scrolled at all
  file?.addEventListener("change", build);
  if (file?.files?.length) build();
}
