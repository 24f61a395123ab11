// Forms of letters: lines of the grids, names of chosen files, the preview. Everything is saved without a script as well.
(() => {
  "use strict";
  document.documentElement.classList.add("scripted");

  // A form that one comes back to by Back is the one that was sent: it changes its draft, and says so.
  const key = document.querySelector("#letter-form input[name=key]");
  const notice = document.querySelector("[data-sent-before]");
  if (key && notice) {
    const kept = history.state || {};
    if (kept.key) key.value = kept.key;
    else history.replaceState({ ...kept, key: key.value }, "");
    const told = () => { notice.hidden = !(history.state && history.state.sent); };
    key.form.addEventListener("submit", () => history.replaceState({ ...history.state, sent: true }, ""));
    notice.querySelector("a").addEventListener("click", () => history.replaceState({}, ""));
    window.addEventListener("pageshow", told);
    told();
  }

  // Grids
  const PLACE = /(\.|-)(?:\d+|TT)(?=[.-](?:widgets|empty-marker))/;
  const number = (row, index) => {
    row.querySelectorAll("[name], [id], label[for]").forEach((part) => {
      for (const name of ["name", "id", "for"]) {
        const value = part.getAttribute(name);
        if (value) part.setAttribute(name, value.replace(PLACE, `$1${index}`));
      }
    });
  };
  document.querySelectorAll("[data-grid]").forEach((grid) => {
    const rows = grid.querySelector("[data-grid-rows]");
    const template = grid.querySelector("template");
    const count = grid.querySelector("input[name$='.count']");
    const empty = (row) => [...row.querySelectorAll("input[type=text]")].every((input) => !input.value || /copies$/.test(input.name));
    const renumber = () => {
      [...rows.children].forEach(number);
      count.value = rows.children.length;
    };
    const ready = (row) => row.querySelectorAll("[data-script]").forEach((part) => { part.hidden = false; });
    // One empty line is enough where lines can be added.
    while (rows.children.length > 1 && empty(rows.lastElementChild) && empty(rows.children[rows.children.length - 2])) {
      rows.lastElementChild.remove();
    }
    renumber();
    grid.addEventListener("click", (event) => {
      if (event.target.closest("[data-grid-add]")) {
        rows.append(template.content.cloneNode(true));
        ready(rows.lastElementChild);
        renumber();
        rows.lastElementChild.querySelector("input[type=text]").focus();
      }
      const remove = event.target.closest("[data-grid-remove]");
      if (remove) {
        const row = remove.closest(".grid-row");
        const next = row.nextElementSibling || row.previousElementSibling;
        if (rows.children.length > 1) row.remove();
        else row.querySelectorAll("input").forEach((input) => { input.value = ""; });
        renumber();
        (next || row).querySelector("input[type=text]").focus();
        grid.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  });

  // Names of chosen files
  document.querySelectorAll("[data-file-list]").forEach((list) => {
    const field = document.getElementById(list.dataset.fileList);
    field.addEventListener("change", () => {
      list.replaceChildren(...[...field.files].map((file) => {
        const item = document.createElement("li");
        item.textContent = file.name;
        return item;
      }));
      list.hidden = field.files.length < 2;
    });
  });

  // A salutation brings the closing that belongs to it, as long as nobody wrote another.
  const salutation = document.getElementById("field-salutation");
  const closing = document.getElementById("field-closing");
  if (salutation && closing) {
    const pairs = new Map([...document.querySelectorAll("#salutations option")].map((one) => [one.value, one.dataset.closing]));
    salutation.addEventListener("change", () => {
      if (pairs.has(salutation.value) && [...pairs.values(), ""].includes(closing.value)) closing.value = pairs.get(salutation.value);
    });
  }

  // The preview
  const form = document.querySelector("form[data-preview]");
  if (form) {
    const holder = document.getElementById("preview");
    let last = 0;
    const refresh = async () => {
      const mine = ++last;
      const data = new FormData(form);
      data.delete("files");
      try {
        const answer = await fetch(form.dataset.preview, { method: "POST", body: data });
        const text = answer.ok ? await answer.text() : "";
        if (text && mine === last) holder.innerHTML = text;
      } catch { /* offline: the last preview stays */ }
    };
    let waiting;
    const soon = (delay) => { clearTimeout(waiting); waiting = setTimeout(refresh, delay); };
    form.addEventListener("change", () => soon(50));
    form.addEventListener("input", () => soon(700));
  }
})();

// Entering by keyboard: Enter goes on, Ctrl + Enter is done.
(() => {
  "use strict";
  const next = document.getElementById("next-letter");
  if (next) next.focus();
  const form = document.querySelector("form[data-enter]");
  if (!form) return;
  const end = form.querySelector("[data-enter-end]");
  const first = form.querySelector("section");
  const stops = () => [...first.querySelectorAll("input[type=text]")].filter((field) => field.offsetParent);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.requestSubmit(end);
      return;
    }
    if (!event.target.matches("input:not([type=file])")) return;
    event.preventDefault();
    const fields = stops();
    const place = fields.indexOf(event.target);
    (place >= 0 && fields[place + 1] || end).focus();
  });
})();
