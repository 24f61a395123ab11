// A PDF read in the page: drawn by PDF.js, a canvas for each page that is near, with its text above it to be selected, found
// and heard. Without this script the links below it open or load the file.
const HOME = new URL("pdfjs/", import.meta.url);
const STEP = 1.25;
const ZOOMS = [0.4, 5];
const PIXELS = 12e6; // as much as phones give one canvas
const GAP = 12; // between pages, as in viewer.css
const WIDEST = 1000; // a page fitted into a wide window is still read, not walked along

let library;
function pdfjs() {
  library ??= import(new URL("pdf.min.mjs", HOME).href).then((found) => {
    found.GlobalWorkerOptions.workerSrc = new URL("pdf.worker.min.mjs", HOME).href;
    return found;
  });
  return library;
}

class Sheet {
  constructor(viewer, number, size) {
    Object.assign(this, { viewer, number, size, near: false, drawn: "" });
    this.box = document.createElement("div");
    this.box.className = "pdf-page";
    this.box.dataset.page = number;
    this.fit();
  }

  // The room that the page takes, drawn or not.
  fit() {
    const { scale, turn } = this.viewer;
    const [width, height] = turn % 180 ? [this.size.height, this.size.width] : [this.size.width, this.size.height];
    this.box.style.width = `${width * scale}px`;
    this.box.style.height = `${height * scale}px`;
    this.box.style.setProperty("--total-scale-factor", scale);
  }

  async draw() {
    const { viewer } = this;
    const wanted = `${viewer.scale} ${viewer.turn}`;
    if (!this.near || this.drawn === wanted) return;
    this.drawn = wanted;
    this.task?.cancel();
    const page = await viewer.pdf.getPage(this.number);
    const plain = page.getViewport({ scale: 1 });
    if (plain.width !== this.size.width || plain.height !== this.size.height) {
      this.size = { width: plain.width, height: plain.height };
      this.fit();
    }
    const viewport = page.getViewport({ scale: viewer.scale, rotation: (page.rotate + viewer.turn) % 360 });
    const sharp = Math.min(window.devicePixelRatio || 1, Math.sqrt(PIXELS / (viewport.width * viewport.height)));
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(viewport.width * sharp);
    canvas.height = Math.floor(viewport.height * sharp);
    canvas.setAttribute("aria-hidden", "true");
    this.task = page.render({ canvas, viewport, transform: sharp === 1 ? null : [sharp, 0, 0, sharp, 0, 0] });
    try {
      await this.task.promise;
    } catch (refusal) {
      if (refusal.name === "RenderingCancelledException") return;
      throw refusal;
    }
    if (this.drawn !== wanted) return;
    const text = document.createElement("div");
    text.className = "pdf-text";
    this.box.replaceChildren(canvas, text);
    const { TextLayer } = await pdfjs();
    await new TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport }).render();
  }

  // What is far away gives its memory back.
  forget() {
    this.task?.cancel();
    this.drawn = "";
    const canvas = this.box.querySelector("canvas");
    if (canvas) canvas.width = canvas.height = 0;
    this.box.replaceChildren();
  }
}

class Viewer {
  constructor(root) {
    this.root = root;
    this.pages = root.querySelector(".pdf-pages");
    this.bar = root.querySelector(".pdf-bar");
    this.number = this.bar.querySelector("input");
    this.note = root.querySelector(".pdf-note");
    this.zoom = 1;
    this.turn = 0;
    this.sheets = [];
  }

  async open() {
    this.note.hidden = false;
    try {
      const { getDocument } = await pdfjs();
      const task = getDocument({ url: this.root.dataset.pdf, wasmUrl: HOME.href, disableAutoFetch: true, disableStream: true, rangeChunkSize: 1 << 18 });
      task.onPassword = () => { this.fail("locked"); task.destroy(); };
      this.pdf = await task.promise;
      this.first = (await this.pdf.getPage(1)).getViewport({ scale: 1 });
    } catch {
      if (!this.failed) this.fail("broken");
      return;
    }
    this.note.hidden = true;
    this.bar.hidden = this.pages.hidden = false;
    this.bar.querySelector("[data-count]").textContent = this.words(this.pdf.numPages);
    this.measure();
    const size = { width: this.first.width, height: this.first.height };
    for (let number = 1; number <= this.pdf.numPages; number += 1) this.sheets.push(new Sheet(this, number, size));
    this.pages.append(...this.sheets.map((sheet) => sheet.box));
    const near = new IntersectionObserver((seen) => {
      seen.forEach(({ target, isIntersecting }) => {
        const sheet = this.sheets[target.dataset.page - 1];
        sheet.near = isIntersecting;
        if (isIntersecting) this.draw(sheet);
        else sheet.forget();
      });
    }, { root: this.pages, rootMargin: "100% 0px" });
    this.sheets.forEach((sheet) => near.observe(sheet.box));
    new ResizeObserver(() => {
      if (this.pages.clientWidth && this.pages.clientWidth !== this.width) this.arrange();
    }).observe(this.pages);
    this.listen();
    const file = this.root.closest("[id]");
    if (file && location.hash === `#${file.id}`) file.scrollIntoView();
  }

  draw(sheet) {
    sheet.draw().catch(() => this.fail("broken"));
  }

  fail(why) {
    this.failed = true;
    this.note.hidden = false;
    this.note.textContent = this.note.dataset[why];
  }

  // Figures as the page writes them.
  words(number) {
    return this.root.dataset.digits === "thai" ? String(number).replace(/\d/g, (one) => "๐๑๒๓๔๕๖๗๘๙"[one]) : String(number);
  }

  measure() {
    this.width = this.pages.clientWidth;
    const across = this.turn % 180 ? this.first.height : this.first.width;
    this.scale = Math.max(0.05, (Math.min(this.width - 2 * GAP, WIDEST) / across) * this.zoom);
  }

  // After another zoom, turn or width: the same place of the same page stays at the top.
  arrange() {
    const sheet = this.sheets[this.current() - 1];
    const part = (this.pages.scrollTop - sheet.box.offsetTop) / sheet.box.offsetHeight;
    this.measure();
    this.sheets.forEach((one) => one.fit());
    this.pages.scrollTop = sheet.box.offsetTop + part * sheet.box.offsetHeight;
    this.sheets.forEach((one) => { if (one.near) this.draw(one); });
  }

  current() {
    const middle = this.pages.scrollTop + this.pages.clientHeight / 3;
    const found = this.sheets.findIndex((sheet) => sheet.box.offsetTop + sheet.box.offsetHeight > middle);
    return found < 0 ? this.sheets.length : found + 1;
  }

  go(number) {
    const sheet = this.sheets[Math.min(Math.max(number, 1), this.sheets.length) - 1];
    this.pages.scrollTop = sheet.box.offsetTop - GAP;
  }

  enlarge(by) {
    this.zoom = by ? Math.min(Math.max(this.zoom * by, ZOOMS[0]), ZOOMS[1]) : 1;
    this.arrange();
  }

  whole(on) {
    this.root.classList.toggle("is-whole", on);
    document.documentElement.classList.toggle("pdf-whole", on);
    this.bar.querySelector("[data-do=full]").setAttribute("aria-pressed", String(on));
    this.arrange();
  }

  listen() {
    const acts = {
      previous: () => this.go(this.current() - 1),
      next: () => this.go(this.current() + 1),
      smaller: () => this.enlarge(1 / STEP),
      larger: () => this.enlarge(STEP),
      fit: () => this.enlarge(0),
      rotate: () => { this.turn = (this.turn + 90) % 360; this.arrange(); },
      full: () => this.whole(!this.root.classList.contains("is-whole")),
    };
    const keys = { ArrowLeft: "previous", ArrowRight: "next", "-": "smaller", "+": "larger", "=": "larger", 0: "fit", f: "full" };
    this.bar.addEventListener("click", (event) => acts[event.target.closest("[data-do]")?.dataset.do]?.());
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.root.classList.contains("is-whole")) {
        event.stopPropagation();
        this.whole(false);
      }
      if (event.target === this.number || event.ctrlKey || event.metaKey || event.altKey) return;
      const act = acts[keys[event.key]];
      if (!act) return;
      event.preventDefault();
      act();
    });
    this.number.value = this.words(1);
    this.number.addEventListener("change", () => {
      const typed = this.number.value.replace(/[๐-๙]/g, (one) => "๐๑๒๓๔๕๖๗๘๙".indexOf(one));
      if (/^\d+$/.test(typed)) this.go(Number(typed));
      this.number.value = this.words(this.current());
    });
    this.pages.addEventListener("scroll", () => {
      if (document.activeElement !== this.number) this.number.value = this.words(this.current());
    }, { passive: true });
  }
}

// Opened when it comes near the window: below closed headings, and on a phone far down, nothing is fetched.
const waiting = new IntersectionObserver((seen) => {
  seen.filter((one) => one.isIntersecting).forEach(({ target }) => {
    waiting.unobserve(target);
    new Viewer(target).open();
  });
}, { rootMargin: "300px" });
document.querySelectorAll("[data-pdf]").forEach((root) => waiting.observe(root));
