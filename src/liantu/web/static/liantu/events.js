/* Clocks that go on while the page is open; the server's answer stands when the page is loaded again. */
(function () {
  "use strict";
  var english = document.body.dataset.lang === "en", begun = Date.now();
  function say(zh, en) { return english ? en : zh; }
  function span(minutes) {
    var m = Math.abs(Math.round(minutes)), d = Math.floor(m / 1440), h = Math.floor(m % 1440 / 60), r = m % 60;
    if (d) return d + say(" 天", " d") + (h ? " " + h + say(" 小时", " h") : "");
    if (h) return h + say(" 小时", " h") + (r ? " " + r + say(" 分", " min") : "");
    return r + say(" 分", " min");
  }
  var drill = document.querySelector("[data-drill-now]"), speed = drill ? Number(drill.dataset.speed) : 1;
  function tick() {
    var passed = (Date.now() - begun) / 60000 * speed;
    document.querySelectorAll("[data-left]").forEach(function (node) {
      var left = Number(node.dataset.left) - passed;
      node.textContent = left < 0 ? say("超时 " + span(left), span(left) + " over") : say("还剩 " + span(left), span(left) + " left");
    });
    document.querySelectorAll("[data-drill-now]").forEach(function (node) {
      if (!speed) return;
      var at = new Date(new Date(node.dataset.drillNow.replace(" ", "T")).getTime() + passed * 60000);
      function two(n) { return (n < 10 ? "0" : "") + n; }
      node.textContent = at.getFullYear() + "-" + two(at.getMonth() + 1) + "-" + two(at.getDate()) + " " + two(at.getHours()) + ":" + two(at.getMinutes());
    });
    document.querySelectorAll("[data-drill-minute]").forEach(function (node) {
      if (!speed) return;
      var m = Math.floor(Number(node.dataset.drillMinute) + passed);
      node.textContent = "T+" + (Math.floor(m / 60) < 10 ? "0" : "") + Math.floor(m / 60) + ":" + (m % 60 < 10 ? "0" : "") + m % 60;
    });
  }
  setInterval(tick, drill ? 1000 : 30000);
  var next = document.querySelector("[data-next-seconds]");
  if (next) setTimeout(function () { if (!document.querySelector("textarea:focus, input:focus")) window.location.reload(); }, Math.max(2, Number(next.dataset.nextSeconds)) * 1000);
})();
