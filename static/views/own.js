/**
 * Your own model: the section is built when it comes near, since few who open the page bring one.
 *
 * @typedef {import("../types.js").Store} Store
 */

/**
 * @param {HTMLElement} root
 * @param {Store} store
 */
export function mountOwn(root, store) {
  const watch = new IntersectionObserver(
    async (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      const { mountSection } = await import("./own-section.js");
      mountSection(root, store);
    },
    { rootMargin: "1200px 0px" },
  );
  watch.observe(root);
}
