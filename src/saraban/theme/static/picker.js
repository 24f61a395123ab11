// Recipients: search as you type over the chart; what is chosen stands as chips. The ticked boxes of the form are the truth.
(() => {
  "use strict";
  const form = document.querySelector("form[data-picker]");
  if (!form) return;
  const text = form.querySelector("[role=combobox]");
  const list = document.getElementById(text.getAttribute("aria-controls"));
  const chips = form.querySelector("[data-picked]");
  const count = form.querySelector("[data-picked-count]");
  const boxes = () => [...form.querySelectorAll("input[type=checkbox][name=recipients]")];
  let found = [];
  let active = -1;

  const draw = () => {
    chips.querySelectorAll("[data-chip]").forEach((chip) => chip.remove());
    const units = new Set(); // a unit that is in a chosen group as well counts once
    boxes().filter((box) => box.checked).forEach((box) => {
      (box.dataset.members || box.value).split(" ").forEach((unit) => units.add(unit));
      const chip = document.createElement("li");
      chip.dataset.chip = box.value;
      const name = document.createElement("span");
      name.textContent = Number(box.dataset.units) > 1 ? `${box.dataset.title} (${box.dataset.units})` : box.dataset.title;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `${chips.dataset.remove} ${box.dataset.title}`);
      remove.addEventListener("click", () => {
        const next = chip.nextElementSibling;
        box.checked = false;
        if (box.closest("[data-unit]")) box.closest("[data-unit]").remove();
        draw();
        (next && chips.querySelector(`[data-chip="${next.dataset.chip}"] button`) || text).focus();
      });
      chip.append(name, remove);
      chips.append(chip);
    });
    count.textContent = units.size;
  };
  chips.querySelectorAll("[data-unit]").forEach((item) => { item.hidden = true; });

  const close = () => {
    list.hidden = true;
    text.setAttribute("aria-expanded", "false");
    text.removeAttribute("aria-activedescendant");
    active = -1;
  };
  const mark = (index) => {
    active = index;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === active)));
    const item = list.children[active];
    if (item) {
      text.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    }
  };
  const add = (unit) => {
    let box = boxes().find((one) => one.value === unit.id);
    if (!box) {
      const item = document.createElement("li");
      item.dataset.unit = unit.id;
      item.hidden = true;
      box = document.createElement("input");
      Object.assign(box, { type: "checkbox", name: "recipients", value: unit.id });
      box.dataset.title = unit.title;
      box.dataset.units = "1";
      item.append(box);
      chips.append(item);
    }
    box.checked = true;
    text.value = "";
    close();
    draw();
    text.focus();
  };
  const english = document.documentElement.lang === "en";
  const show = (units) => {
    found = units.map((unit) => ({ id: unit.id, title: english && unit.title_en ? unit.title_en : unit.title, note: unit.id === unit.agency ? unit.abbreviation || unit.letter_code : unit.agency_title }));
    list.replaceChildren(...found.map((unit, index) => {
      const item = document.createElement("li");
      item.id = `picker-${index}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      const name = document.createElement("span");
      name.textContent = unit.title;
      const note = document.createElement("small");
      note.textContent = unit.note || "";
      item.append(name, note);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); add(unit); });
      return item;
    }));
    if (!found.length) {
      close();
      const none = document.createElement("li");
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.textContent = list.dataset.none;
      list.replaceChildren(none);
      list.hidden = false;
      text.setAttribute("aria-expanded", "true");
      return;
    }
    list.hidden = false;
    text.setAttribute("aria-expanded", "true");
    mark(0);
  };
  let last = 0;
  let waiting;
  const ask = async () => {
    const mine = ++last;
    const wanted = text.value.trim();
    if (!wanted) return close();
    const answer = await fetch(`${form.dataset.picker}?active=1&b_size=12&text=${encodeURIComponent(wanted)}`, { headers: { Accept: "application/json" } });
    if (answer.ok && mine === last) show((await answer.json()).items);
  };
  text.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 150); });
  text.addEventListener("blur", close);
  text.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && found.length) { event.preventDefault(); mark((active + 1) % found.length); }
    if (event.key === "ArrowUp" && found.length) { event.preventDefault(); mark((active + found.length - 1) % found.length); }
    if (event.key === "Escape") close();
    if (event.key === "Enter" && (text.value.trim() || !list.hidden)) {
      event.preventDefault();
      if (!list.hidden && active >= 0) add(found[active]);
    }
  });
  form.addEventListener("change", (event) => { if (event.target.name === "recipients") draw(); });
  draw();
})();
