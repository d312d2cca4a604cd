/** Marks, in the table of contents, the section one is reading. */

/** @param {HTMLElement} root the list of links */
export function mountContents(root) {
  const links = new Map([...root.querySelectorAll("a")].map((link) => [link.hash.slice(1), link]));
  /** @type {Set<string>} */
  const here = new Set();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) here.add(target.id);
        else here.delete(target.id);
      }
      const current = [...links.keys()].findLast((id) => here.has(id));
      for (const [id, link] of links) {
        if (id === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-30% 0px -65% 0px" },
  );
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) observer.observe(section);
  }
}
