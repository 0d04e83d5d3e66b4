/* The wave on the chain map, step by step, and suggestions for the search field. Without this script the page shows the end of the wave. */
(function () {
  "use strict";
  var english = document.body.dataset.lang === "en";
  function say(zh, en) { return english ? en : zh; }

  /* the slider */
  var source = document.getElementById("wave-data"), bar = document.querySelector(".sim-play"), map = document.querySelector(".chain-map.is-wave");
  if (source && bar) {
    var wave = JSON.parse(source.textContent), slider = bar.querySelector("input"), button = bar.querySelector("[data-play]"), said = bar.querySelector(".sim-said");
    var rows = Array.from(document.querySelectorAll("tr[data-firm]")), timer = null, cards = {}, first = {};
    wave.steps.forEach(function (line, at) { line.firms.forEach(function (firm) { first[firm] = at; }); });
    Object.keys(wave.nodes).forEach(function (code) {
      var card = map && map.querySelector('.node[data-code="' + CSS.escape(code) + '"]');
      if (card) cards[code] = { card: card, count: card.querySelector(".count") };
    });
    var show = function (step) {
      var line = wave.steps[step];
      slider.value = step;
      Object.keys(cards).forEach(function (code) {
        var tint = wave.tints[code][step], one = cards[code];
        one.card.classList.remove("w1", "w2", "w3", "w4", "w5");
        one.card.classList.toggle("hit", tint > 0);
        if (tint > 0) one.card.classList.add("w" + tint);
        if (one.count) one.count.textContent = wave.nodes[code][step];
      });
      rows.forEach(function (row) { row.classList.toggle("later", first[row.dataset.firm] > step); });
      said.textContent = "";
      var strong = document.createElement("strong");
      strong.textContent = line.days;
      said.append(strong, say("　新受影响 " + line.new + " 家，累计 " + line.all + " 家" + (line.output ? "；涉及年产值 " + line.output : ""),
        ": " + line.new + " firms newly hit, " + line.all + " so far" + (line.output ? "; output at stake " + line.output : "")));
    };
    var stop = function () { clearInterval(timer); timer = null; button.textContent = "▶ " + say("播放", "Play"); };
    button.addEventListener("click", function () {
      if (timer) { stop(); return; }
      button.textContent = "❚❚ " + say("暂停", "Pause");
      show(Number(slider.value) >= wave.steps.length - 1 ? 0 : Number(slider.value));
      timer = setInterval(function () {
        var next = Number(slider.value) + 1;
        if (next >= wave.steps.length) { stop(); return; }
        show(next);
      }, 900);
    });
    slider.addEventListener("input", function () { if (timer) stop(); show(Number(slider.value)); });
    window.addEventListener("beforeprint", function () { if (timer) stop(); show(wave.steps.length - 1); });
    bar.hidden = false;
    show(wave.steps.length - 1);
  }

  /* the interval: worked out beside the page the first time for an edition */
  var note = document.querySelector("[data-range]");
  function range() {
    fetch(note.dataset.range, { credentials: "same-origin" }).then(function (answer) { return answer.ok ? answer.json() : { state: "none" }; }).then(function (told) {
      if (told.state === "running") {
        note.textContent = say("正在推算区间…已用 " + told.seconds + " 秒", "working out the interval… " + told.seconds + " s");
        setTimeout(range, 2000);
      } else if (told.state === "done" && told.words) {
        note.textContent = told.words;
        if (note.hasAttribute("data-reload")) window.location.reload();
      }
    }).catch(function () {});
  }
  if (note) range();

  /* the search field */
  var field = document.querySelector("[data-suggest]");
  if (!field) return;
  var box = field.parentNode.querySelector(".sim-options"), form = field.form, asked = 0, wait = null;
  function choose(id) {
    var hidden = document.createElement("input");
    hidden.type = "hidden"; hidden.name = "firm"; hidden.value = id;
    form.append(hidden);
    field.value = "";
    form.requestSubmit();
  }
  function offer(firms) {
    box.textContent = "";
    firms.forEach(function (firm) {
      var link = document.createElement("a"), node = document.createElement("small");
      link.href = "#"; link.dataset.id = firm.id; link.textContent = firm.name; node.textContent = firm.node;
      link.append(node); box.append(link);
    });
    if (!firms.length) { var none = document.createElement("p"); none.textContent = say("没有找到", "Nothing found"); box.append(none); }
    box.hidden = false;
  }
  field.addEventListener("input", function () {
    clearTimeout(wait);
    if (!field.value.trim()) { box.hidden = true; return; }
    wait = setTimeout(function () {
      var mine = asked += 1;
      fetch(field.dataset.suggest + "?q=" + encodeURIComponent(field.value.trim()), { credentials: "same-origin" }).then(function (answer) { return answer.ok ? answer.json() : { firms: [] }; })
        .then(function (told) { if (mine === asked && field.value.trim()) offer(told.firms || []); }).catch(function () { box.hidden = true; });
    }, 180);
  });
  field.addEventListener("keydown", function (event) {
    var links = Array.from(box.querySelectorAll("a")), here = links.findIndex(function (l) { return l.classList.contains("here"); });
    if (event.key === "Escape") box.hidden = true;
    if (box.hidden || !links.length) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (here >= 0) links[here].classList.remove("here");
      here = (here + (event.key === "ArrowDown" ? 1 : links.length - (here < 0 ? 0 : 1))) % links.length;
      links[here].classList.add("here"); links[here].scrollIntoView({ block: "nearest" });
    }
    if (event.key === "Enter" && here >= 0) { event.preventDefault(); choose(links[here].dataset.id); }
  });
  box.addEventListener("click", function (event) {
    var link = event.target.closest("a");
    if (link) { event.preventDefault(); choose(link.dataset.id); }
  });
  document.addEventListener("click", function (event) { if (!field.parentNode.contains(event.target)) box.hidden = true; });
  form.addEventListener("click", function (event) {
    var drop = event.target.closest("[data-drop]");
    if (!drop) return;
    drop.parentNode.remove();
    if (form.querySelector("input[name=firm]")) form.requestSubmit();
  });
})();
