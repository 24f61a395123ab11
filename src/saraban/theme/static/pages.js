// What desk and forms add where scripts run; every page works without.
(() => {
  "use strict";
  const wide = () => window.matchMedia("(min-width: 1200px)").matches;
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const linkOf = (row) => [...row.querySelectorAll("a.subject")].find((link) => link.offsetParent !== null);
  const rowOfFocus = () => document.activeElement && document.activeElement.closest("[data-row]");

  const desk = document.querySelector("[data-desk]");

  function focusRow(row) {
    const link = row && linkOf(row);
    if (link) link.focus({ preventScroll: false });
  }

  function move(by) {
    const all = rows();
    const at = all.indexOf(rowOfFocus());
    const next = at < 0 ? all.find((row) => row.classList.contains("is-current")) || all[0] : all[at + by];
    focusRow(next);
  }

  // The line after the one that is acted on takes its place: there the list goes on.
  const keepPlace = (row) => sessionStorage.setItem("desk-line", rows().indexOf(row));
  const keptPlace = () => {
    const at = Number(sessionStorage.getItem("desk-line") || 0);
    sessionStorage.removeItem("desk-line");
    return rows()[Math.min(Math.max(at, 0), rows().length - 1)];
  };

  // One delivery: the same form as on its own page, sent from here; the desk comes back with the number.
  function register(row) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = row.dataset.register;
    const values = {
      _authenticator: desk.dataset.token, verb: "register", back: desk.dataset.desk,
      tab: desk.elements.tab.value, unit: desk.elements.unit.value,
    };
    for (const [name, value] of Object.entries(values)) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    keepPlace(row);
    form.requestSubmit();
  }

  function pressVerb(key) {
    const verb = document.querySelector(`[data-key="${key}"]`);
    if (verb) verb.click();
    return Boolean(verb);
  }

  function act(key) {
    const row = rowOfFocus() || (desk && rows().find((one) => one.classList.contains("is-current")));
    const chosen = desk ? desk.querySelectorAll("input[name=keys]:checked") : [];
    if (chosen.length) {
      const button = desk.querySelector(`[data-many="${key}"]`);
      if (button) desk.requestSubmit(button);
    } else if (key === "r" && row && row.dataset.register) {
      register(row);
    } else if (key === "a" && row && row.dataset.assign) {
      location.assign(row.dataset.assign);
    } else if (!row) {
      pressVerb(key);
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    const typing = target.closest("textarea, select, [contenteditable]") ||
      (target.matches("input") && !["checkbox", "radio"].includes(target.type));
    if (typing || target.closest(".pdf")) return;
    // Thai keyboards: the key that bears the letter, whatever it writes.
    const key = { KeyR: "r", KeyA: "a", KeyX: "x", ArrowDown: "down", ArrowUp: "up" }[event.code] || event.key;
    if (key === "?" || (event.code === "Slash" && event.shiftKey)) {
      const help = document.querySelector("[data-help]");
      if (help) { help.open = !help.open; help.querySelector("summary").focus(); event.preventDefault(); }
      return;
    }
    if (event.code === "Slash" && event.key !== "/") {
      const box = document.getElementById("search-text");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
      return;
    }
    if (desk && (key === "down" || key === "up") && !target.closest("details.menu[open]")) {
      event.preventDefault();
      move(key === "down" ? 1 : -1);
    } else if (desk && key === "x" && rowOfFocus()) {
      event.preventDefault();
      const box = rowOfFocus().querySelector("input[name=keys]");
      box.checked = !box.checked;
    } else if (key === "r" || key === "a") {
      event.preventDefault();
      act(key);
    }
  });

  if (desk) {
    const all = desk.querySelector("[data-all]");
    if (all) all.addEventListener("change", () => {
      desk.querySelectorAll("input[name=keys]").forEach((box) => { box.checked = all.checked; });
    });
    // After registering, and beside an open letter, the list goes on where it stood.
    const current = rows().find((row) => row.classList.contains("is-current"));
    if (current && wide()) focusRow(current);
    else if (document.querySelector(".made")) focusRow(keptPlace());
    if (current) document.querySelector(".desk-letter")?.addEventListener("submit", () => keepPlace(current));
  }

  // Quick phrases and terms.
  document.addEventListener("click", (event) => {
    const phrase = event.target.closest("[data-phrase], [data-value]");
    if (!phrase) return;
    const field = document.getElementById(phrase.dataset.for);
    if (phrase.dataset.phrase) {
      field.value = field.value.trim() ? `${field.value.trim()} ${phrase.dataset.phrase}` : phrase.dataset.phrase;
    } else {
      field.value = phrase.dataset.value;
    }
    field.focus();
  });

  // Long lists of choices: what is typed narrows them; what is chosen stays.
  const plain = (text) => text.normalize("NFC").toLowerCase();
  document.querySelectorAll("[data-filter]").forEach((box) => {
    const picker = box.closest(".picker");
    box.addEventListener("input", () => {
      const words = plain(box.value).split(/\s+/).filter(Boolean);
      picker.querySelectorAll("label.check").forEach((label) => {
        const chosen = label.querySelector("input").checked;
        label.hidden = !chosen && !words.every((word) => plain(label.textContent).includes(word));
      });
      picker.querySelectorAll("details").forEach((group) => { if (words.length) group.open = true; });
    });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const first = box.value.trim() && [...picker.querySelectorAll("label.check:not([hidden]) input")].find((one) => !one.checked && !one.disabled);
      if (!first) return;
      first.checked = true;
      box.value = "";
      box.dispatchEvent(new Event("input"));
    });
  });
})();
