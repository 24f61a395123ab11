// What the frame adds where scripts run; every page works without.
(() => {
  "use strict";
  const menus = () => document.querySelectorAll("details.menu[open]");

  document.addEventListener("click", (event) => {
    menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    const copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(copy.dataset.copy).then(() => {
        const words = copy.querySelector("[data-done]");
        if (words) { words.textContent = words.dataset.done; words.setAttribute("role", "status"); }
      });
    }
    const eye = event.target.closest("[data-show]");
    if (eye) {
      const field = document.getElementById(eye.dataset.show);
      const hidden = field.type === "password";
      field.type = hidden ? "text" : "password";
      eye.setAttribute("aria-pressed", String(hidden));
    }
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
    }
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const box = document.getElementById("search-text");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    }
  });

  // One press, one act: the second press of an impatient hand sends nothing.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const method = event.submitter?.getAttribute("formmethod") || form.method;
    if (method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  });

  document.querySelectorAll("[data-script]").forEach((part) => { part.hidden = false; });

  // What narrows a list stands open beside it where there is room.
  if (window.matchMedia("(min-width: 992px)").matches) {
    document.querySelectorAll("[data-open-wide]").forEach((part) => { part.open = true; });
  }

  // Of tabs that are wider than the window the open one is seen.
  document.querySelectorAll(".tabs [aria-current]").forEach((tab) => {
    const list = tab.closest("ul");
    list.scrollLeft = tab.offsetLeft - list.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;
  });

  // A long table: what is typed narrows it.
  document.querySelectorAll("[data-filter-rows]").forEach((box) => {
    const rows = document.querySelectorAll(`${box.dataset.filterRows} tbody tr`);
    box.addEventListener("input", () => {
      const words = box.value.normalize("NFC").toLowerCase().split(/\s+/).filter(Boolean);
      rows.forEach((row) => { row.hidden = !words.every((word) => row.textContent.normalize("NFC").toLowerCase().includes(word)); });
    });
  });

  const begin = () => {
    const fields = document.querySelectorAll("[data-begin] textarea, [data-begin] input:is([type=text], [type=search])");
    const first = [...fields].find((field) => field.offsetParent);
    if (first && first.getBoundingClientRect().bottom < window.innerHeight - 90) first.focus({ preventScroll: true });
  };

  // The line of a long list to which one wanted to go.
  const found = document.querySelector("[data-found]");
  if (found) { found.scrollIntoView({ block: "center" }); found.focus({ preventScroll: true }); }

  // After an act or a refusal the message is read first.
  const message = document.querySelector("[data-focus]");
  if (message) message.focus();
  // On a PC writing begins in the first field; on a phone the keyboard stays down until it is asked for.
  else if (window.matchMedia("(min-width: 1200px) and (pointer: fine)").matches) begin();
})();
