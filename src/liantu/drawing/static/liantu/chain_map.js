/* Chain map: looking at a card lights its neighbours; wheel zooms, drag pans, double click resets. No inline styles. */
(function () {
  "use strict";

  var HOPS = 2;

  function graphOf(svg) {
    var graph = { nodes: new Map(), down: new Map(), up: new Map(), groups: new Map() };
    svg.querySelectorAll(".node[data-code]").forEach(function (element) {
      graph.nodes.set(element.dataset.code, element);
      graph.down.set(element.dataset.code, []);
      graph.up.set(element.dataset.code, []);
    });
    svg.querySelectorAll(".group-head[data-group]").forEach(function (element) {
      graph.groups.set(element.dataset.group, element);
    });
    svg.querySelectorAll(".paths path").forEach(function (path) {
      var from = path.dataset.from, to = path.dataset.to;
      if (!graph.nodes.has(from) || !graph.nodes.has(to)) return;
      graph.down.get(from).push({ code: to, path: path });
      graph.up.get(to).push({ code: from, path: path });
    });
    return graph;
  }

  /* Breadth first along one direction; returns steps by code and the paths used, with their distance.
     Backward flows (recycling, equipment) are followed from the start only, else everything would be lit. */
  function walk(edges, start, limit) {
    var steps = new Map([[start, 0]]), paths = [], queue = [start];
    while (queue.length) {
      var code = queue.shift(), hop = steps.get(code);
      if (hop >= limit) continue;
      (edges.get(code) || []).forEach(function (edge) {
        if (edge.path.dataset.back && hop > 0) return;
        paths.push({ path: edge.path, hop: hop + 1 });
        if (!steps.has(edge.code)) { steps.set(edge.code, hop + 1); queue.push(edge.code); }
      });
    }
    return { steps: steps, paths: paths };
  }

  function nameOf(element) {
    return (element.getAttribute("aria-label") || "").split(/，|, /)[0];
  }

  function sentence(graph, code, english) {
    function side(edges, word) {
      var list = edges.get(code);
      if (!list.length) return english ? "no " + word : "无" + word;
      var names = list.slice(0, 4).map(function (edge) {
        var item = edge.path.dataset.item;
        return nameOf(graph.nodes.get(edge.code)) + (item ? (english ? " (" + item + ")" : "（" + item + "）") : "");
      });
      return word + " " + list.length + (english ? ": " : "：") + names.join(english ? ", " : "、") + (list.length > 4 ? "…" : "");
    }
    var label = graph.nodes.get(code).getAttribute("aria-label") || "";
    return label + "　←　" + side(graph.up, english ? "upstream" : "上游") +
      "　→　" + side(graph.down, english ? "downstream" : "下游");
  }

  function start(svg) {
    if (svg.dataset.ready) return;
    svg.dataset.ready = "true";
    var graph = graphOf(svg), pinned = "", english = svg.dataset.language === "en";
    var hint = svg.querySelector(".hint-text");
    var lit = [];

    function clear() {
      lit.forEach(function (element) { element.classList.remove("lit", "centre", "up", "far"); });
      lit = [];
      svg.classList.remove("is-focused");
    }

    function mark(element, names) {
      if (!element) return;
      names.forEach(function (name) { element.classList.add(name); });
      lit.push(element);
    }

    function say(text) {
      if (!hint) return;
      hint.textContent = text;
      var room = svg.viewBox.baseVal.width ? home[2] - 32 : Infinity;
      while (text.length > 8 && hint.getComputedTextLength && hint.getComputedTextLength() > room) {
        text = text.slice(0, -4);
        hint.textContent = text + "…";
      }
    }

    function light(code, limit) {
      clear();
      if (!graph.nodes.has(code)) return;
      svg.classList.add("is-focused");
      [[graph.down, ""], [graph.up, "up"]].forEach(function (pair) {
        var found = walk(pair[0], code, limit);
        found.steps.forEach(function (hop, other) {
          var node = graph.nodes.get(other);
          mark(node, hop ? ["lit"] : ["lit", "centre"]);
          mark(graph.groups.get(node.dataset.group), ["lit"]);
        });
        found.paths.forEach(function (step) {
          mark(step.path, ["lit"].concat(pair[1] ? [pair[1]] : [], step.hop > 1 ? ["far"] : []));
        });
      });
      say(sentence(graph, code, english));
    }

    function rest() {
      if (pinned) light(pinned, Infinity); else clear();
    }

    function choose(code) {
      pinned = pinned === code ? "" : code;
      if (pinned) light(pinned, Infinity); else light(code, HOPS);
      svg.dispatchEvent(new CustomEvent("liantu:node", { bubbles: true, detail: { code: code, pinned: Boolean(pinned) } }));
    }

    function cardAt(event) { return event.target.closest ? event.target.closest(".node[data-code]") : null; }

    svg.addEventListener("mouseover", function (event) {
      var card = cardAt(event);
      if (card && !pinned && !drag) light(card.dataset.code, HOPS);
    });
    svg.addEventListener("mouseout", function (event) {
      var card = cardAt(event);
      if (card && !card.contains(event.relatedTarget)) rest();
    });
    svg.addEventListener("focusin", function (event) {
      var card = cardAt(event);
      if (card && !pinned && card.matches(":focus-visible")) light(card.dataset.code, HOPS);
    });
    svg.addEventListener("focusout", function () { rest(); });
    svg.addEventListener("click", function (event) {
      var card = cardAt(event);
      if (moved) { event.preventDefault(); return; }
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (card) { event.preventDefault(); choose(card.dataset.code); return; }
      var group = event.target.closest(".group-head.collapsed");
      if (group) {
        svg.dispatchEvent(new CustomEvent("liantu:group", { bubbles: true, detail: { code: group.dataset.group } }));
      } else if (pinned) { pinned = ""; clear(); }
    });
    svg.addEventListener("keydown", function (event) {
      var card = cardAt(event);
      if (event.key === "Escape") { pinned = ""; clear(); reset(); }
      if (card && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); choose(card.dataset.code); }
    });

    /* Zoom and pan change the view box only. */
    var home = svg.getAttribute("viewBox").split(/\s+/).map(Number), view = home.slice();
    var pointers = new Map(), drag = false, moved = false, spread = 0;

    function show() {
      view[2] = Math.min(home[2], Math.max(home[2] / 8, view[2]));
      view[3] = view[2] * home[3] / home[2];
      view[0] = Math.min(home[0] + home[2] - view[2], Math.max(home[0], view[0]));
      view[1] = Math.min(home[1] + home[3] - view[3], Math.max(home[1], view[1]));
      svg.setAttribute("viewBox", view.map(function (value) { return value.toFixed(2); }).join(" "));
      svg.classList.toggle("is-zoomed", view[2] < home[2] - 0.5);
    }

    function reset() { view = home.slice(); show(); }

    function at(x, y) {
      var matrix = svg.getScreenCTM();
      return matrix ? new DOMPoint(x, y).matrixTransform(matrix.inverse()) : new DOMPoint(home[2] / 2, home[3] / 2);
    }

    function zoom(factor, x, y) {
      var point = at(x, y), width = Math.min(home[2], Math.max(home[2] / 8, view[2] * factor)), ratio = width / view[2];
      view[0] = point.x - (point.x - view[0]) * ratio;
      view[1] = point.y - (point.y - view[1]) * ratio;
      view[2] = width;
      show();
    }

    svg.addEventListener("wheel", function (event) {
      if (event.deltaY > 0 && !svg.classList.contains("is-zoomed")) return;
      event.preventDefault();
      zoom(Math.exp(Math.max(-240, Math.min(240, event.deltaY)) * 0.0015), event.clientX, event.clientY);
    }, { passive: false });
    svg.addEventListener("dblclick", function (event) { event.preventDefault(); reset(); });

    function distance() {
      var two = Array.from(pointers.values());
      return Math.hypot(two[0].clientX - two[1].clientX, two[0].clientY - two[1].clientY);
    }

    svg.addEventListener("pointerdown", function (event) {
      if (event.button) return;
      pointers.set(event.pointerId, event);
      moved = false;
      if (pointers.size === 2) spread = distance();
    });
    svg.addEventListener("pointermove", function (event) {
      var before = pointers.get(event.pointerId);
      if (!before) return;
      var dx = event.clientX - before.clientX, dy = event.clientY - before.clientY;
      if (pointers.size === 1) {
        if (!svg.classList.contains("is-zoomed") || (!drag && Math.hypot(dx, dy) < 4)) return;
        if (!drag) { drag = true; moved = true; svg.setPointerCapture(event.pointerId); svg.classList.add("is-dragging"); }
        var scale = svg.getScreenCTM();
        view[0] -= dx / scale.a;
        view[1] -= dy / scale.d;
        pointers.set(event.pointerId, event);
        show();
      } else if (pointers.size === 2) {
        pointers.set(event.pointerId, event);
        var now = distance(), middle = Array.from(pointers.values());
        if (spread && now) {
          zoom(spread / now, (middle[0].clientX + middle[1].clientX) / 2, (middle[0].clientY + middle[1].clientY) / 2);
        }
        spread = now;
        moved = true;
      }
    });
    ["pointerup", "pointercancel", "pointerleave"].forEach(function (name) {
      svg.addEventListener(name, function (event) {
        if (name === "pointerleave" && drag) return;
        pointers.delete(event.pointerId);
        drag = false;
        svg.classList.remove("is-dragging");
      });
    });
    svg.addEventListener("dragstart", function (event) { event.preventDefault(); });

    svg.liantu = { light: light, clear: function () { pinned = ""; clear(); }, reset: reset };
  }

  function startAll(root) {
    (root.querySelectorAll ? root : document).querySelectorAll("svg.chain-map[data-interactive]").forEach(start);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", function () { startAll(document); });
  else startAll(document);
  document.addEventListener("htmx:load", function (event) { startAll(event.target); });
  document.addEventListener("liantu:map", function (event) { startAll(event.target); });
})();
