/* 公道 desk: countdowns that tick on the server's clock, previews that expire when their form changes. */
"use strict";
(() => {
  const words = JSON.parse(document.getElementById("countdown-words")?.textContent ?? "null");
  const serverNow = Date.parse(document.body.dataset.now ?? "");
  // Time may be moved in a demonstration, so only the difference to the server's clock counts.
  const ahead = Number.isNaN(serverNow) ? 0 : serverNow - Date.now();
  const HOUR = 3600;
  const DAY = 86400;

  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const spell = (seconds) => {
    const values = {
      d: Math.floor(seconds / DAY),
      h: Math.floor((seconds % DAY) / HOUR),
      m: Math.floor((seconds % HOUR) / 60),
      s: Math.floor(seconds % 60),
    };
    if (seconds >= DAY) return fill(words.days, values);
    if (seconds >= HOUR) return fill(words.hours, values);
    return fill(words.minutes, values);
  };

  const tick = () => {
    const now = Date.now() + ahead;
    for (const place of document.querySelectorAll("[data-due]")) {
      const left = Math.floor((Date.parse(place.dataset.due) - now) / 1000);
      const text = fill(left >= 0 ? words.left : words.late, { time: spell(Math.abs(left)) });
      if (place.textContent !== text) place.textContent = text;
      place.dataset.level = left < 0 ? "late" : left < 6 * HOUR ? "soon" : "ample";
    }
  };
  if (words) {
    tick();
    setInterval(tick, 1000);
    document.body.addEventListener("htmx:afterSwap", tick);
  }

  // What was previewed must be what is confirmed.
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-previews]");
    const panel = form?.querySelector(".preview-place");
    if (panel && !panel.contains(event.target)) panel.replaceChildren();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  // A refusal is an answer too: show it where the preview would have stood.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr.status;
    if ([403, 404, 409, 422].includes(status)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  // A swapped-in preview takes the focus, so that a keyboard or a screen reader arrives at it.
  document.body.addEventListener("htmx:afterSwap", (event) => {
    event.detail.target.querySelector("[data-take-focus]")?.focus();
  });
})();
