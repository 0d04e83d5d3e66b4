/* Maps made of scenes: looking at a part lights its kin (data-links); a click or Enter opens its address, or tells the page. No inline styles. */
(function () {
  "use strict";

  function start(svg) {
    if (svg.dataset.ready) return;
    svg.dataset.ready = "true";
    var parts = new Map(), lit = [];
    svg.querySelectorAll(".scene-part[data-code]").forEach(function (part) {
      var code = part.dataset.code;
      if (!parts.has(code)) parts.set(code, []);
      parts.get(code).push(part);
    });

    function clear() {
      lit.forEach(function (part) { part.classList.remove("lit"); });
      lit = [];
      svg.classList.remove("is-focused");
    }

    function mark(code) {
      (parts.get(code) || []).forEach(function (part) { part.classList.add("lit"); lit.push(part); });
    }

    function light(part) {
      clear();
      svg.classList.add("is-focused");
      part.classList.add("lit");
      lit.push(part);
      mark(part.dataset.code);
      (part.dataset.links || "").split(" ").forEach(mark);
    }

    function partAt(event) { return event.target.closest ? event.target.closest(".scene-part[data-links]") : null; }

    svg.addEventListener("mouseover", function (event) { var part = partAt(event); if (part) light(part); });
    svg.addEventListener("mouseout", function (event) {
      var part = partAt(event);
      if (part && !part.contains(event.relatedTarget)) clear();
    });
    svg.addEventListener("focusin", function (event) { var part = partAt(event); if (part && part.matches(":focus-visible")) light(part); });
    svg.addEventListener("focusout", clear);

    function tell(part) {
      svg.dispatchEvent(new CustomEvent("liantu:part", { bubbles: true, detail: { code: part.dataset.code, passport: part.dataset.passport || "" } }));
    }

    svg.addEventListener("click", function (event) { var part = partAt(event); if (part) tell(part); });
    svg.addEventListener("keydown", function (event) {
      var part = partAt(event);
      if (event.key === "Escape") clear();
      if (part && part.getAttribute("role") === "button" && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); tell(part); }
    });
  }

  function startAll(root) {
    (root.querySelectorAll ? root : document).querySelectorAll("svg.scene[data-interactive]").forEach(start);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", function () { startAll(document); });
  else startAll(document);
  document.addEventListener("htmx:load", function (event) { startAll(event.target); });
  document.addEventListener("liantu:map", function (event) { startAll(event.target); });
})();
