// Answering a sample by keyboard: 1 2 3 answer the row in view, J and K move; without this script the forms work as they are.
(() => {
  "use strict";
  const list = document.querySelector(".acc-list");
  if (!list) return;
  document.documentElement.classList.add("acc-js");
  const rows = [...list.querySelectorAll(".acc-row")];
  let here = null;
  const go = (row, scroll = true) => {
    if (!row) return;
    here?.classList.remove("acc-here");
    here = row;
    row.classList.add("acc-here");
    if (scroll) row.scrollIntoView({ block: "nearest" });
  };
  const open = (row) => {
    const more = row.querySelector(".acc-more");
    if (!more) return;
    more.classList.add("acc-open");
    row.querySelector("[data-opens]")?.setAttribute("aria-expanded", "true");
    more.querySelector("input[type=search]").focus();
  };
  list.addEventListener("click", (event) => {
    const row = event.target.closest(".acc-row");
    if (row) go(row, false);
    if (event.target.closest("[data-opens]")) open(row);
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input, textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      event.preventDefault();
      go(rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(here) + (key === "j" ? 1 : -1)))]);
      return;
    }
    const button = "123".includes(key) && here?.querySelector(`[data-key="${key}"]`);
    if (button) { event.preventDefault(); button.click(); }
  });
  let sent = false;
  list.addEventListener("submit", (event) => { if (sent) event.preventDefault(); sent = true; });
  go(document.getElementById(location.hash.slice(1))?.closest("[data-open]") || list.querySelector("[data-open]") || rows[0], Boolean(location.hash));
})();
