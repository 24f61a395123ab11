// Charts of a report, drawn by Chart.js from the tables of the page: a table says what is drawn, and figures stand in its chart in
// the table's own words. Without this script there are the tables.
//
// table[data-chart]: "months" (rows, upright where there is room), "rows", "slowest" (rows, the longest first) or "total" (the
// columns of the last line); th[data-series]: the columns that are drawn; td[data-value]: the figure behind the words.
const LIBRARY = new URL("chartjs/chart.umd.min.js", import.meta.url);
const FONT = 14; // pixels, as are all lengths here
const WORDS = 24; // a line of words
const BAR = 18;
const BETWEEN = 12; // rows
const UPRIGHT = 300; // the height of a chart of upright bars
const HEADROOM = 1.12; // of it, for the figure on the longest bar
const LEGEND = 34;
const MOST = 12; // rows of a chart of units; the table has all
const SHARP = 2; // a print wants more points than a screen

const style = getComputedStyle(document.body);
const ink = style.getPropertyValue("--ink").trim();
const green = style.getPropertyValue("--green-dark").trim();
const light = style.getPropertyValue("--green-tint").trim();
const pen = document.createElement("canvas").getContext("2d");
const width = (text) => {
  pen.font = `${FONT}px ${style.fontFamily}`;
  return pen.measureText(text).width;
};
const widest = (texts) => Math.max(0, ...texts.map(width));
const words = (cell) => cell.textContent.trim();

function shortened(text, room) {
  if (width(text) <= room) return text;
  let kept = text;
  while (kept && width(`${kept}…`) > room) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

// What a table says: the labels, and each series with its figures and what they are called.
function figures(table) {
  const heads = [...table.tHead.querySelectorAll("th[data-series]")];
  const cell = (row, head) => row.cells[head.cellIndex];
  const value = (one) => (one.dataset.value === undefined ? null : Number(one.dataset.value));
  const series = (label, cells) => ({ label, data: cells.map(value), said: cells.map(words) });
  if (table.dataset.chart === "total") {
    const [row] = table.tFoot.rows;
    return { labels: heads.map(words), series: [series(words(row.cells[0]), heads.map((head) => cell(row, head)))] };
  }
  let rows = [...table.tBodies[0].rows];
  if (table.dataset.chart !== "months") rows = rows.filter((row) => value(cell(row, heads[0])) !== null);
  if (table.dataset.chart === "slowest") {
    rows = rows.sort((one, other) => value(cell(other, heads[0])) - value(cell(one, heads[0]))).slice(0, MOST);
  }
  return {
    labels: rows.map((row) => words(row.cells[0])),
    series: heads.map((head) => series(words(head), rows.map((row) => cell(row, head)))),
  };
}

// The first series is dark, the second is hatched: they differ without colour too.
function hatched() {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8 * SHARP;
  const brush = tile.getContext("2d");
  brush.scale(SHARP, SHARP);
  brush.fillStyle = light;
  brush.fillRect(0, 0, 8, 8);
  brush.strokeStyle = green;
  brush.lineWidth = 1.5;
  for (const start of [-8, 0, 8]) {
    brush.moveTo(start - 1, 9);
    brush.lineTo(start + 9, -1);
  }
  brush.stroke();
  const pattern = brush.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / SHARP));
  return pattern;
}

// Each figure at the end of its bar, so that no axis has to be read.
const said = {
  id: "said",
  afterDatasetsDraw(chart) {
    const { ctx, data, options } = chart;
    const lying = options.indexAxis === "y";
    ctx.save();
    ctx.font = `${FONT}px ${style.fontFamily}`;
    ctx.fillStyle = ink;
    ctx.textAlign = lying ? "left" : "center";
    ctx.textBaseline = lying ? "middle" : "bottom";
    data.datasets.forEach((series, number) => {
      chart.getDatasetMeta(number).data.forEach((bar, position) => {
        if (series.data[position] === null) return;
        ctx.fillText(series.said[position], bar.x + (lying ? 6 : 0), bar.y + (lying ? 1 : -2));
      });
    });
    ctx.restore();
  },
};

class Drawing {
  constructor(table) {
    const { labels, series } = figures(table);
    Object.assign(this, { table, labels, series, chart: null });
    this.several = series.length > 1;
    this.counts = ["months", "total"].includes(table.dataset.chart); // else times, and nothing took no time at all
    this.nothing = this.counts ? !series.some((one) => one.data.some((value) => value > 0)) : !labels.length;
    this.label = widest(labels);
    this.figure = widest(series.flatMap((one) => one.said)) + 8;
    this.box = document.createElement("div");
    this.box.className = "chart";
    if (this.nothing) return;
    table.parentElement.before(this.box);
    this.fit();
  }

  // How the bars lie: upright where every figure has room above its bar, else with the words beside or, if long, above them.
  fit() {
    const room = this.box.clientWidth;
    const { length } = this.labels;
    const bars = this.series.length;
    const each = (0.8 * room) / (length * bars);
    const upright = this.table.dataset.chart === "months" && each >= this.figure && room / length > this.label;
    const beside = this.label <= room / 3;
    const layout = upright ? "upright" : beside ? "beside" : "above";
    const row = bars * BAR + BETWEEN + (beside ? 0 : WORDS);
    const narrow = this.several && room < widest(this.series.map((one) => one.label)) * 2 + 120;
    const legend = this.several ? LEGEND * (narrow ? 2 : 1) : 0;
    this.box.style.height = `${(upright ? UPRIGHT : length * row + BETWEEN) + legend}px`;
    const changed = layout !== this.layout;
    this.layout = layout;
    return changed;
  }

  draw() {
    this.chart?.destroy();
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", this.table.dataset.label);
    this.box.replaceChildren(canvas);
    const fills = [green, hatched()];
    const lying = this.layout !== "upright";
    const above = this.layout === "above";
    const { label, labels, series, figure, box } = this;
    const names = {
      grid: { display: false },
      border: { display: !above, color: style.getPropertyValue("--line-strong").trim() },
      ticks: {
        autoSkip: false,
        maxRotation: 0,
        mirror: above,
        padding: above ? 0 : 8,
        labelOffset: above ? -(series.length * BAR + WORDS) / 2 : 0,
        callback: (position) => (above ? shortened(labels[position], box.clientWidth) : labels[position]),
      },
    };
    const longest = Math.max(1, ...series.flatMap((one) => one.data));
    const lengths = { display: false, min: 0, max: lying ? longest : longest * HEADROOM };
    this.chart = new Chart(canvas, {
      type: "bar",
      plugins: [said],
      data: {
        labels,
        datasets: series.map((one, number) => ({
          ...one,
          backgroundColor: fills[number],
          borderColor: green,
          borderWidth: 1,
          borderSkipped: false,
          borderRadius: 2,
          minBarLength: this.counts ? 0 : 2,
          ...(lying ? { barThickness: BAR } : { categoryPercentage: 0.8, barPercentage: 0.95, maxBarThickness: 48 }),
        })),
      },
      options: {
        indexAxis: lying ? "y" : "x",
        animation: false,
        maintainAspectRatio: false,
        devicePixelRatio: Math.max(SHARP, window.devicePixelRatio),
        layout: { padding: { right: lying ? figure : 0 } },
        scales: lying ? { y: names, x: lengths } : { x: names, y: lengths },
        plugins: {
          legend: { display: this.several, align: "start", onClick: null, labels: { boxWidth: 20, boxHeight: 12, padding: 12 } },
          tooltip: {
            mode: "index",
            intersect: false,
            axis: lying ? "y" : "x",
            displayColors: false,
            callbacks: { label: ({ dataset, dataIndex }) => `${dataset.label}: ${dataset.said[dataIndex]}` },
          },
        },
      },
    });
  }
}

const drawings = [...document.querySelectorAll("table[data-chart]")].map((table) => new Drawing(table)).filter((one) => !one.nothing);
const text = drawings.map((one) => one.box.parentElement.textContent).join("");
const faces = [400, 700].map((weight) => document.fonts.load(`${weight} ${FONT}px ${style.fontFamily}`, text));
try {
  await import(LIBRARY.href);
  await Promise.allSettled(faces); // a canvas does not draw itself anew when its letters come
} catch (failure) {
  drawings.forEach((one) => one.box.remove());
  throw failure;
}
Object.assign(Chart.defaults.font, { family: style.fontFamily, size: FONT });
Chart.defaults.color = ink;
for (const one of drawings) {
  one.draw();
  new ResizeObserver(() => {
    if (one.fit()) one.draw();
  }).observe(one.box);
}
window.addEventListener("beforeprint", () => {
  for (const { chart } of drawings) {
    chart.tooltip.setActiveElements([], { x: 0, y: 0 });
    chart.update("none");
  }
});
