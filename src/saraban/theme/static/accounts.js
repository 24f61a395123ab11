// Whom to appoint: accounts by name as one types. Without a script the page asks after the form is sent.
(() => {
  "use strict";
  const text = document.querySelector("[data-accounts]");
  if (!text) return;
  const list = document.getElementById(text.getAttribute("aria-controls"));
  let found = [];
  let active = -1;
  let last = 0;
  let waiting;
  text.setAttribute("role", "combobox");

  const open = (is) => {
    list.hidden = !is;
    text.setAttribute("aria-expanded", String(is));
    if (!is) { active = -1; text.removeAttribute("aria-activedescendant"); }
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
  const choose = (account) => {
    last += 1;
    clearTimeout(waiting);
    text.value = account.written;
    open(false);
    text.focus();
  };
  const option = (words, small) => {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    const name = document.createElement("span");
    name.textContent = words;
    const note = document.createElement("small");
    note.textContent = small;
    item.append(name, note);
    return item;
  };
  const show = (items) => {
    found = items;
    const options = items.map((account, index) => {
      const item = option(account.name, account.post || account.id);
      item.id = `account-${index}`;
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(account); });
      return item;
    });
    if (!options.length) {
      const none = option(list.dataset.none, "");
      none.setAttribute("aria-disabled", "true");
      options.push(none);
    }
    list.replaceChildren(...options);
    open(true);
    if (found.length) mark(0);
  };
  const ask = async () => {
    const mine = ++last;
    const wanted = text.value.trim();
    if (!wanted) return open(false);
    const answer = await fetch(`${text.dataset.accounts}?text=${encodeURIComponent(wanted)}`, { headers: { Accept: "application/json" } });
    if (answer.ok && mine === last) show((await answer.json()).items);
  };
  text.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 150); });
  text.addEventListener("blur", () => open(false));
  text.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) { event.preventDefault(); mark((active + step + found.length) % found.length); }
    if (event.key === "Escape") { event.preventDefault(); open(false); }
    if (event.key === "Enter") {
      event.preventDefault();
      if (found[active]) choose(found[active]);
    }
  });
})();
