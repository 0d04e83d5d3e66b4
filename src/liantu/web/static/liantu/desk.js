// Import desk and registers: dropping files, the progress of long work, changed selects, names while typing. Pages work without it.
"use strict";
(function () {
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);

  // files: show what was chosen, take drops, say how far the sending is
  each("form[data-drop]", (form) => {
    form.classList.add("has-js");
    const zone = form.querySelector(".drop");
    const input = form.querySelector('input[type="file"]');
    const list = form.querySelector(".drop-files");
    const note = form.querySelector("[data-sending]");
    const show = () => {
      list.replaceChildren(...Array.from(input.files, (file) => Object.assign(document.createElement("li"), { textContent: file.name + "（" + Math.max(1, Math.round(file.size / 1024)).toLocaleString() + " KB）" })));
    };
    const send = () => {
      if (!input.files.length) { return; }
      const request = new XMLHttpRequest();
      request.open("POST", form.action || window.location.href);
      request.setRequestHeader("Accept", "application/json");
      const bar = form.querySelector("progress");
      bar.hidden = note.hidden = false;
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) { bar.max = event.total; bar.value = event.loaded; note.textContent = form.dataset.words.replace("{}", Math.round(100 * event.loaded / event.total) + "%"); }
      };
      request.upload.onload = () => { bar.removeAttribute("value"); note.textContent = form.dataset.reading; };
      request.onload = () => {
        try { window.location.assign(JSON.parse(request.responseText).url); } catch (error) { document.open(); window.location.reload(); }
      };
      request.onerror = () => { bar.hidden = true; note.textContent = form.dataset.failed; };
      request.send(new FormData(form));
    };
    input.addEventListener("change", () => { show(); send(); });
    form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
    ["dragenter", "dragover"].forEach((name) => zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("is-over"); }));
    ["dragleave", "drop"].forEach((name) => zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.remove("is-over"); }));
    zone.addEventListener("drop", (event) => { if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; show(); send(); } });
  });

  // long work: ask how far it is, go on when it is done
  each("[data-progress]", (box) => {
    const bar = box.querySelector("progress");
    const words = box.querySelector("[data-words]");
    const seconds = (n) => (n >= 90 ? Math.round(n / 60) + " " + box.dataset.minutes : Math.round(n) + " " + box.dataset.seconds);
    const ask = () => fetch(box.dataset.progress, { credentials: "same-origin" }).then((reply) => reply.json()).then((state) => {
      if (state.state !== "running") { window.location.reload(); return; }
      if (state.total) { bar.max = state.total; bar.value = state.done; }
      words.textContent = (state.total ? state.done.toLocaleString() + " / " + state.total.toLocaleString() + "，" : "") + box.dataset.gone + " " + seconds(state.seconds) +
        (state.left === null ? "" : "，" + box.dataset.left + " " + seconds(state.left));
      window.setTimeout(ask, 700);
    }).catch(() => window.setTimeout(ask, 3000));
    window.setTimeout(ask, 400);
  });

  // columns: mark what was changed and say how many
  each("form[data-columns]", (form) => {
    const button = form.querySelector("[data-save]");
    const count = () => {
      let changed = 0;
      form.querySelectorAll("select").forEach((select) => {
        const was = form.querySelector('input[name="' + select.name.replace("column", "was") + '"]').value;
        select.classList.toggle("is-changed", select.value !== was);
        select.classList.toggle("is-none", select.value === "" && was === "");
        changed += select.value !== was ? 1 : 0;
      });
      button.disabled = changed === 0;
      button.querySelector("b").textContent = changed ? " " + changed : "";
    };
    form.addEventListener("change", count);
    count();
  });

  // names while typing, for references to long registers
  each("input[data-names]", (input) => {
    const list = document.getElementById(input.getAttribute("list"));
    let timer = 0;
    input.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        if (!input.value.trim()) { return; }
        fetch(input.dataset.names + "?q=" + encodeURIComponent(input.value), { credentials: "same-origin" }).then((reply) => reply.json()).then((found) => {
          list.replaceChildren(...found.names.map((name) => Object.assign(document.createElement("option"), { value: name })));
        }).catch(() => {});
      }, 200);
    });
  });

  each("select[data-submit]", (select) => select.addEventListener("change", () => select.form.requestSubmit()));
  each("button[data-print]", (button) => button.addEventListener("click", () => window.print()));
}());
