"use strict";
// Shows the chosen store, period and granularity. Every figure is computed beforehand, as
// exact text; this script chooses among them and never adds.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const controls = document.getElementById("controls");
  const config = { displayModeBar: false, responsive: true };
  const PIXELS_PER_TICK = 56;
  const NARROW = 480;

  // -1283350.47 -> −£1,283,350.47
  const separated = (text, before = "") => {
    const sign = text.startsWith("-") ? "\u2212" : "";
    const [whole, fraction] = text.replace("-", "").split(".");
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
    return sign + before + grouped + (fraction === undefined ? "" : "." + fraction);
  };

  const written = (column, text, scope) => {
    if (text === null) return "\u2013";
    if (column.kind === "text") return text;
    if (column.kind === "share") return separated(text) + " %";
    return separated(text, column.kind === "money" ? scope.prefix : "");
  };

  // plotly reads a few HTML tags in labels: show them as text
  const plotText = (text, width) => {
    const letters = Array.from(text);
    const most = data.labelLength[width];
    const cut = letters.length > most ? letters.slice(0, most - 1).join("").trimEnd() + "\u2026" : text;
    return cut.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  };

  const element = (name, text, scope) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (scope) made.scope = scope;
    return made;
  };

  const rowOf = (cells) => {
    const row = document.createElement("tr");
    cells.forEach((cell, place) => row.append(element(place ? "td" : "th", cell, place ? "" : "row")));
    return row;
  };

  const chosen = () => {
    const form = new FormData(controls);
    return {
      scope: data.scopes.find((scope) => scope.key === form.get("scope")),
      period: data.periods.find((period) => period.key === form.get("period")),
      grain: form.get("grain"),
    };
  };

  const rowsOf = (chart, { scope, period }, grain) =>
    chart.rows[[scope.key, period.key].concat(chart.overTime ? [grain] : []).join(" ")] || [];

  const fillTable = (place, chart, choice, rows, labels) => {
    const texts = (row) => row.map((text, at) => written(chart.columns[at], text, choice.scope));
    const heads = chart.columns.map((column) => column.label);
    if (chart.overTime) heads.unshift(choice.grain[0].toUpperCase() + choice.grain.slice(1));
    const table = document.createElement("table");
    const head = table.createTHead().insertRow();
    heads.forEach((text) => head.append(element("th", text, "col")));
    const body = table.createTBody();
    rows.forEach((row, at) => body.append(
      rowOf(chart.overTime ? [labels[at], ...texts(row)] : texts(row))));
    if (chart.overTime) {
      const whole = rowsOf(chart, choice, data.whole)[0];
      table.createTFoot().append(rowOf(["Whole period", ...texts(whole)]));
    }
    place.replaceChildren(table);
  };

  // one sentence per mark: its figure of the whole period and where it is highest
  const described = (chart, choice, rows, labels) => chart.drawn.map((at) => {
    const column = chart.columns[at];
    const highest = rows.reduce((best, row, place) =>
      (row[at] !== null && (best < 0 || Number(row[at]) > Number(rows[best][at])) ? place : best), -1);
    if (highest < 0) return "";
    const peak = `highest ${labels[highest]}, ${written(column, rows[highest][at], choice.scope)}`;
    const whole = chart.overTime ? rowsOf(chart, choice, data.whole)[0][at] : null;
    const all = whole === null ? "" : `${written(column, whole, choice.scope)} in the whole period, `;
    return `${column.label}: ${all}${peak}.`;
  }).join(" ");

  const drawChart = (key, chart, choice) => {
    const frame = document.getElementById(key);
    const rows = rowsOf(chart, choice, choice.grain);
    const buckets = chart.overTime ? data.buckets[`${choice.period.key} ${choice.grain}`] : [];
    const labels = chart.overTime ? buckets.map((bucket) => bucket[0]) : rows.map((row) => row[0]);
    const places = chart.overTime ? labels : rows.map((_, at) => at);
    const width = frame.clientWidth < NARROW ? "narrow" : "wide";
    const marks = chart.figure.data.map((mark) => {
      const values = rows.map((row) => (row[mark.meta] === null ? null : Number(row[mark.meta])));
      const customdata = rows.map((row, at) =>
        [plotText(labels[at], width), written(chart.columns[mark.meta], row[mark.meta], choice.scope)]);
      const [x, y] = chart.overTime ? [places, values] : [values, places];
      const [noted, word] = chart.noted || [];
      const text = chart.noted && rows.map((row) =>
        `${written(chart.columns[noted], row[noted], choice.scope)} ${word}`);
      return { ...mark, x, y, customdata, text };
    });
    const layout = structuredClone(chart.figure.layout);
    const axis = chart.overTime ? layout.yaxis : layout.xaxis;
    if (chart.unit === "money") axis.tickprefix = choice.scope.prefix;
    const most = Math.max(0, ...marks.flatMap((mark) => (chart.overTime ? mark.y : mark.x)));
    if (chart.unit === "count" && most <= data.few) axis.dtick = 1;
    if (!chart.overTime) {
      Object.assign(layout.yaxis, {
        tickvals: places,
        ticktext: labels.map((text) => plotText(text, width)),
        range: [Math.max(rows.length, data.fewestBars) - 0.5, -0.5],
      });
      const values = [0, ...marks.flatMap((mark) => mark.x)];
      if (width === "narrow") layout.xaxis.nticks = 3;
      // room for the notes beside the bars
      const ends = [Math.min(...values), Math.max(...values)];
      if (ends[0] < ends[1]) layout.xaxis.range = ends.map((end) => end * data.room[width]);
    } else {
      const fitting = Math.max(2, Math.floor(frame.clientWidth / PIXELS_PER_TICK));
      const step = Math.ceil(buckets.length / fitting);
      const shown = buckets.filter((_, at) => at % step === 0);
      layout.xaxis.tickvals = shown.map((bucket) => bucket[0]);
      layout.xaxis.ticktext = shown.map((bucket) => bucket[1]);
    }
    const something = rows.some((row) =>
      row.some((text, at) => chart.columns[at].kind !== "text" && Number(text)));
    const plot = frame.querySelector(".plot");
    plot.hidden = !something;
    frame.querySelector(".nothing").hidden = something;
    if (something) Plotly.react(plot, marks, layout, config);
    plot.setAttribute("aria-label", described(chart, choice, rows, labels));
    frame.querySelector("h2").textContent = chart.title.replace("{grain}", choice.grain);
    frame.querySelector(".about").textContent = chart.about.replace("{grain}", choice.grain);
    frame.querySelector(".unit").textContent = chart.unit === "money" ? choice.scope.currency : "Number";
    fillTable(frame.querySelector(".scroll"), chart, choice, rows, labels);
  };

  const drawAll = () => {
    const choice = chosen();
    const status = `${choice.scope.label}, ${choice.period.dates}`;
    document.getElementById("selected").textContent = status;
    document.getElementById("headlines").replaceChildren(...data.headlines.map((headline) => {
      const chart = data.charts[headline.chart];
      const text = rowsOf(chart, choice, data.whole)[0][headline.column];
      const tile = document.createElement("div");
      tile.append(
        element("dt", headline.label),
        element("dd", written(chart.columns[headline.column], text, choice.scope)));
      return tile;
    }));
    Object.entries(data.charts).forEach(([key, chart]) => drawChart(key, chart, choice));
  };

  // a period of a month reads best by day, of a quarter by week
  const fittingGrain = (days) => (days <= 45 ? "day" : days <= 200 ? "week" : "month");

  controls.hidden = false;
  controls.addEventListener("change", (event) => {
    if (event.target.name === "period") {
      const days = data.buckets[`${event.target.value} day`].length;
      controls.elements.grain.value = fittingGrain(days);
    }
    drawAll();
  });
  controls.addEventListener("submit", (event) => event.preventDefault());
  matchMedia("print").addEventListener("change", drawAll);
  let waiting;
  addEventListener("resize", () => { clearTimeout(waiting); waiting = setTimeout(drawAll, 150); });
  const history = data.buckets[`${data.periods[0].key} day`].length;
  controls.elements.grain.value = fittingGrain(history);
  drawAll();
})();
