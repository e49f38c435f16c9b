// What is amiss for those who hear a page: names of the theme's buttons that open parts of the
// navigation, and a list of citations whose entries are no items.
document.addEventListener("DOMContentLoaded", () => {
  for (const toggle of document.querySelectorAll("summary:has(> .toctree-toggle)")) {
    const item = toggle.closest("li").querySelector("a");
    toggle.setAttribute("aria-label", `Pages under ${item.textContent.trim()}`);
  }
  for (const list of document.querySelectorAll(".citation-list[role=list]")) {
    list.removeAttribute("role");
  }
});
