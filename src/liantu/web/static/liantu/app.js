/* Small helps for every page: nothing here is needed to read or to save. */
(function () {
  "use strict";

  var body = document.body, english = body.dataset.lang === "en";
  function say(zh, en) { return english ? en : zh; }
  function all(selector, root) { return Array.from((root || document).querySelectorAll(selector)); }

  /* The menu of a low screen stands where this page's entry is seen. */
  all(".side a[aria-current]").forEach(function (entry) { if (entry.offsetTop + entry.offsetHeight > entry.closest(".side-scroll").clientHeight) entry.scrollIntoView({ block: "center" }); });

  /* Forms: filters send themselves; a sent form says so, counts seconds, and cannot be sent twice. */
  function submitted(form) {
    var button = form.querySelector("button:not([type=button])"), begun = Date.now(), note = document.createElement("span");
    note.className = "busy-note";
    note.setAttribute("role", "status");
    note.textContent = form.dataset.busy || say("正在处理…", "Working…");
    setTimeout(function () { all("button", form).forEach(function (b) { b.disabled = true; }); }, 0);
    setTimeout(function () {
      if (button) button.after(note);
      setInterval(function () {
        note.textContent = (form.dataset.busy || say("正在处理…", "Working…")) + say(" 已用 ", " ") + Math.round((Date.now() - begun) / 1000) + say(" 秒", " s");
      }, 1000);
    }, 700);
  }
  document.addEventListener("submit", function (event) {
    var form = event.target, question = form.dataset.confirm || (event.submitter && event.submitter.dataset.confirm);
    if (question && !window.confirm(question)) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    if (form.method === "post") submitted(form);
    else all("input, select", form).forEach(function (field) { if (!field.value) field.disabled = true; });
  });
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) all("button[disabled], input[disabled], select[disabled]").forEach(function (field) { field.disabled = false; });
  });
  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (form && form.hasAttribute("data-autosubmit") && event.target.type !== "search") form.requestSubmit();
    if (form && form.hasAttribute("data-guard")) form.dataset.dirty = "yes";
  });
  window.addEventListener("beforeunload", function (event) {
    if (all("form[data-guard][data-dirty]:not([data-sent])").length) event.preventDefault();
  });

  document.addEventListener("click", function (event) {
    var target = event.target.closest("[data-print], [data-back], [data-close], [data-copy]");
    if (!target) {
      all("details.menu[open]").forEach(function (menu) { if (!menu.contains(event.target)) menu.open = false; });
      return;
    }
    if (target.hasAttribute("data-print")) window.print();
    if (target.hasAttribute("data-back")) window.history.back();
    if (target.hasAttribute("data-close")) { event.preventDefault(); closeDrawer(); }
    if (target.hasAttribute("data-copy") && navigator.clipboard) {
      navigator.clipboard.writeText(target.dataset.copy).then(function () { target.textContent = say("已复制", "Copied"); });
    }
  });

  /* Files: drop them on the field. */
  all(".drop").forEach(function (zone) {
    var input = zone.querySelector("input[type=file]"), name = zone.querySelector("[data-names]");
    if (!input) return;
    function told() { if (name) name.textContent = Array.from(input.files).map(function (f) { return f.name; }).join("、"); }
    input.addEventListener("change", told);
    ["dragover", "dragleave", "drop"].forEach(function (kind) {
      zone.addEventListener(kind, function (event) {
        event.preventDefault();
        zone.classList.toggle("is-over", kind === "dragover");
        if (kind === "drop" && event.dataTransfer.files.length) { input.files = event.dataTransfer.files; input.dispatchEvent(new Event("change", { bubbles: true })); }
      });
    });
  });

  /* The drawer with one node of a chain map. */
  var drawer = document.getElementById("drawer"), opener = null, asked = 0;
  function closeDrawer() {
    if (!drawer || drawer.hidden) return;
    drawer.hidden = true;
    asked += 1;
    body.classList.remove("has-drawer");
    all("svg.chain-map").forEach(function (map) { if (map.liantu) map.liantu.clear(); });
    if (opener && opener.focus) opener.focus({ preventScroll: true });
  }
  function openDrawer(url) {
    var mine = asked += 1;
    drawer.hidden = false;
    body.classList.add("has-drawer");
    drawer.setAttribute("aria-busy", "true");
    fetch(url, { headers: { "X-Fragment": "1" }, credentials: "same-origin" }).then(function (answer) {
      if (answer.redirected || !answer.ok) { window.location = url; return ""; }
      return answer.text();
    }).then(function (html) {
      if (mine !== asked || !html) return;
      drawer.innerHTML = html;
      drawer.removeAttribute("aria-busy");
      drawer.scrollTop = 0;
      var heading = drawer.querySelector("h2");
      if (heading) heading.focus({ preventScroll: true });
    }).catch(function () { window.location = url; });
  }
  document.addEventListener("liantu:node", function (event) {
    if (!drawer) return;
    var card = document.querySelector(".chain-map .node[data-code=\"" + CSS.escape(event.detail.code) + "\"]");
    if (!event.detail.pinned || !card) { closeDrawer(); return; }
    opener = card;
    openDrawer(card.getAttribute("href"));
  });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") closeDrawer(); });

  /* A session does not end while somebody types; if it has ended, what is typed stays on the page. */
  var last = Date.now(), typed = false;
  document.addEventListener("input", function () { typed = true; });
  setInterval(function () {
    if (!typed || Date.now() - last < 240000) return;
    last = Date.now();
    typed = false;
    fetch(body.dataset.session, { credentials: "same-origin" }).then(function (answer) {
      var shown = document.getElementById("signed-out");
      if (answer.status === 401 && !shown) {
        var box = document.createElement("div");
        box.id = "signed-out";
        box.className = "banner";
        box.setAttribute("role", "alert");
        box.textContent = say("登录已过期，已填的内容还在本页。", "Your session has ended; what you typed is still here. ");
        var link = document.createElement("a");
        link.href = body.dataset.signIn;
        link.target = "_blank";
        link.rel = "noopener";
        link.textContent = say("在新窗口登录后，回到本页继续。", "Sign in in a new window, then go on here.");
        box.append(link);
        body.append(box);
      } else if (answer.ok && shown) shown.remove();
    }).catch(function () {});
  }, 30000);
})();
