// The theme's buttons that open parts of the navigation get names for those who hear the page.
document.addEventListener("DOMContentLoaded", () => {
  for (const toggle of document.querySelectorAll("summary:has(> .toctree-toggle)")) {
    const item = toggle.closest("li").querySelector("a");
    toggle.setAttribute("aria-label", `Pages under ${item.textContent.trim()}`);
  }
});
