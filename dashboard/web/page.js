// Shows the chosen store, period, granularity and comparison in every report of the page.
const PRINTED = 660; // pixels, of a chart on paper
const inView = new Set();
let isPrinting = false;

const frameOf = (report) => document.getElementById(report.key);
const part = (report, kind) => frameOf(report).querySelector(kind);
const labelOf = (report, name) => report.columns[columnAt(report, name)].label;

const drawPlot = (report, made) => {
  const plot = part(report, ".plot");
  const isEmpty = !made;
  plot.hidden = isEmpty;
  part(report, ".nothing").hidden = !isEmpty;
  const image = part(report, ".png");
  if (image) image.disabled = isEmpty;
  if (isEmpty || !(inView.has(report.key) || isPrinting)) return;
  const width = isPrinting ? PRINTED : plot.clientWidth;
  const [marks, layout] = made(width);
  Plotly.react(plot, marks, { ...layout, width, autosize: false }, { displayModeBar: false });
  if (!part(report, ".orders") || plot.dataset.opens) return;
  plot.dataset.opens = "yes";
  plot.on("plotly_click", ({ points }) => {
    const { rows, choice } = report.made;
    openOrders(report, choice, rows[points[0].pointIndex][0]);
  });
};

const sentenceOf = (report, choice, buckets, values) => {
  const column = report.columns[columnAt(report, report.main)];
  const { scope, compare } = choice;
  const now = fractionOf(report, choice, report.main);
  const total = now && now[0] / now[1];
  const parts = [];
  if (total !== null) {
    const value = written(column.kind, column.kind === "money" ? Math.round(total) : total, scope);
    const before = compare === "none" ? null : fractionOf(report, choice, report.main, compare);
    const change = changeOf(now, before, column.kind);
    parts.push(change === null
      ? say("{label}: {value}.", { label: column.label, value })
      : say("{label}: {value}; against {comparison}: {change}.", {
        label: column.label, value, change: changeName(change, column.kind), comparison: data.comparisons[compare],
      }));
  } else {
    parts.push(say("{label} counts persons or orders once: a custom range has no sum of it.", { label: column.label }));
  }
  const highest = values.reduce((best, value, at) =>
    (value !== null && (best < 0 || value > values[best]) ? at : best), -1);
  if (highest >= 0 && values[highest] && values.length > 1) {
    parts.push(say("Highest: {bucket}, {value}.", {
      bucket: bucketName(choice.grain, buckets[highest]), value: written(column.kind, values[highest], scope),
    }));
  }
  return parts.join(" ");
};

const notesOf = (report, choice, buckets) => {
  const span = choice.spans.none;
  const notes = [];
  const since = report.forgets && ((data.rows[report.key] || {})[choice.scope.key] || {}).since;
  if (since && span.starts < dayOf(since)) {
    notes.push(say("Nothing is known before {day}: Shopify keeps checkouts for a while only.", { day: dayName(dayOf(since)) }));
  }
  const [first, last] = [buckets[0], buckets[buckets.length - 1]];
  if (last && !last.isOver) notes.push(say("The last is not over yet: so far."));
  if (first && (first.starts < span.starts || (last.isOver && last.ends > span.ends))) {
    notes.push(say("Shown whole, though the first or last reaches beyond the period."));
  }
  return notes.join(" ");
};

const drawOverTime = (report, choice) => {
  const { scope, grain, compare } = choice;
  const buckets = bucketsOf(scope, grain, choice.spans.none);
  const columns = report.columns.map((column) => series(report, scope, grain, column.name, buckets));
  const drawn = report.drawn.map((name) => columns[columnAt(report, name)]);
  const isEmpty = !drawn.some((values) => values.some((value) => value));
  drawPlot(report, isEmpty ? null : (width) => overTime(report, choice, buckets, width));
  const label = data.grains[grain];
  const rows = buckets.map((bucket, at) => [
    { name: bucketName(grain, bucket), ...bucket },
    ...columns.map((values, place) => (report.columns[place].kind === "money" && values[at] !== null
      ? Math.round(values[at]) : values[at])),
  ]);
  const totals = (comparison) => report.columns.map((column) => {
    const total = totalOf(report, choice, column.name, comparison);
    return column.kind === "money" && total !== null ? Math.round(total) : total;
  });
  const { starts, ends } = choice.spans.none;
  const foot = [[{ name: say("Whole period"), starts, ends }, ...totals("none")]];
  if (compare !== "none" && choice.spans[compare]) {
    foot.push([{ name: spanName(choice.spans[compare]), ...choice.spans[compare] }, ...totals(compare)]);
  }
  const open = part(report, ".orders") ? (bucket) => openOrders(report, choice, bucket) : null;
  return {
    heads: [{ label, kind: "bucket", open }, ...report.columns], rows, foot, scope,
    sentence: sentenceOf(report, choice, buckets, columns[columnAt(report, report.main)]),
    note: notesOf(report, choice, buckets),
  };
};

const nameOf = ([others, ...labels]) =>
  (others ? say("{count} others", { count: counts.format(others) }) : labels.filter((label) => label).join(", "));

const filled = (report, row) => report.columns.map((column) => {
  if (!column.ratio) return row[column.stored];
  const [over, under] = column.ratio.map((name) => row[report.columns[columnAt(report, name)].stored]);
  const value = under ? over / under : null;
  return column.kind === "money" && value !== null ? Math.round(value) : value;
});

const tableOf = (report, scope, { labels, rows }, one = null) => ({
  heads: [...report.labels, ...report.columns], scope, note: "",
  rows: rows.map((row, at) => [
    ...(labels[at][0] ? [nameOf(labels[at]), ...labels[at].slice(2)] : labels[at].slice(1)), ...filled(report, row),
  ]),
  sentence: one || "",
});

const dimensionOf = (report) => {
  const select = part(report, ".dimension select");
  return select ? select.value : "";
};

const drawRanking = (report, choice) => {
  const { scope, period } = choice;
  const of = (((data.rows[report.key] || {})[scope.key] || {})[dimensionOf(report)] || {})[period];
  const table = of || { labels: [], rows: [] };
  const made = tableOf(report, scope, table);
  const main = columnAt(report, report.main);
  const values = table.rows.map((row) => row[main]);
  // a name tells two variants of a title apart by the text beside it only where it has to
  const names = table.labels.map((label) => (label[0] ? nameOf(label) : label[1] ?? NONE))
    .map((name, at, all) => (all.indexOf(name) === all.lastIndexOf(name) || table.labels[at][0]
      ? name : nameOf(table.labels[at])));
  const isEmpty = !values.some((value) => value);
  // a bar of all others would leave no room for the ones that are named
  const largest = Math.max(0, ...values.filter((_, at) => !table.labels[at][0]));
  const last = values.length - 1;
  const isLeftOut = last > 0 && table.labels[last][0] !== null && values[last] > 2 * largest;
  const shown = isLeftOut ? last : values.length;
  drawPlot(report, isEmpty ? null
    : (width) => rankingOf(report, choice, table.rows.slice(0, shown), names.slice(0, shown), width));
  if (isLeftOut) {
    made.note = say("Not drawn: {name}, {value}.", {
      name: names[last], value: written(report.columns[main].kind, values[last], scope),
    });
  }
  if (period === "custom") return { ...made, note: say("This report has no figures by day: choose a fixed period.") };
  const all = values.reduce((sum, value) => sum + value, 0);
  const top = values.reduce((best, value, at) => (table.labels[at][0] || value <= (values[best] ?? -Infinity) ? best : at), -1);
  if (top >= 0 && all > 0 && values[top] > 0) {
    made.sentence = say("{name}: {value}, {share} of all.", {
      name: names[top], value: written(report.columns[main].kind, values[top], scope), share: percents.format(values[top] / all),
    });
  }
  return made;
};

const drawHistogram = (report, { scope }) => {
  const table = (data.rows[report.key] || {})[scope.key] || { labels: [], rows: [] };
  const kinds = table.labels.map((label) => label[1]);
  const last = (table.rows[0] || []).length - 1;
  const names = (table.rows[0] || []).map((_, at) => (at === last ? `${at}+` : String(at)));
  const totals = table.rows.map((row) => row.reduce((sum, value) => sum + value, 0));
  drawPlot(report, table.rows.length ? () => histogramOf(names, kinds, table.rows, scope) : null);
  const sentence = table.rows.map((row, at) => {
    let seen = 0;
    const half = row.findIndex((value) => { seen += value; return 2 * seen >= totals[at]; });
    return say("{name}: half come within {weeks} weeks.", { name: kinds[at], weeks: counts.format(half + 1) });
  }).join(" ");
  return {
    heads: [{ label: say("Weeks"), kind: "text" }, ...kinds.map((label) => ({ label, kind: "count" }))],
    rows: names.map((name, at) => [name, ...table.rows.map((row) => row[at])]), scope, sentence, note: "",
  };
};

const drawFigures = (report, made) => {
  const orders = part(report, ".orders");
  if (orders) orders.hidden = true;
  drawTable(part(report, ".scroll"), made.heads, made.rows, made.scope, made.foot);
  part(report, ".sentence").textContent = made.sentence;
  part(report, ".note").textContent = made.note;
  part(report, ".note").hidden = !made.note;
};

const FORMS = {
  lines: drawOverTime, columns: drawOverTime, stacked: drawOverTime,
  ranking: drawRanking, histogram: drawHistogram,
  cohorts: (...all) => drawCohorts(...all), orders: (...all) => drawOrders(...all),
  table: (report, { scope }) => {
    const everywhere = (data.rows[report.key] || {})["*"];
    const rows = everywhere || (data.rows[report.key] || {})[scope.key] || { labels: [], rows: [] };
    part(report, ".nothing").hidden = rows.rows.length > 0;
    part(report, ".scroll").hidden = rows.rows.length === 0;
    return tableOf(report, rows.currency ? { ...scope, ...rows } : scope, rows);
  },
};

const drawReport = (report, choice) => {
  const made = FORMS[report.form](report, choice);
  report.made = { ...made, choice };
  if (report.form !== "cohorts") drawFigures(report, made);
  const plot = part(report, ".plot");
  if (plot) plot.setAttribute("aria-label", `${report.title}. ${made.sentence}`);
  part(report, ".unit").textContent = report.isMoney ? made.scope.currency : say("Number");
};

const drawAll = () => {
  const choice = chosen();
  document.querySelectorAll(".custom").forEach((each) => { each.hidden = choice.period !== "custom"; });
  const compared = choice.spans[choice.compare];
  const of = choice.compare !== "none" && compared
    ? say(", compared with {span}", { span: spanName(compared) }) : "";
  document.getElementById("selected").textContent =
    `${choice.scope.label}, ${choice.scope.currency}: ${spanName(choice.spans.none)}${of}`;
  drawAge(choice.scope);
  drawCards(choice);
  data.reports.forEach((report) => drawReport(report, choice));
  return choice;
};

const drawAge = (scope) => {
  const place = document.getElementById("as-of");
  if (!scope.asOf) {
    place.textContent = say("It is not known when the data were read.");
    return;
  }
  const time = new Date(`${scope.asOf}Z`);
  const hours = Math.max(0, Math.floor((Date.now() - time) / 3600000));
  const relative = new Intl.RelativeTimeFormat(data.language, { numeric: "always" });
  const age = hours < 48 ? relative.format(-hours, "hour") : relative.format(-Math.floor(hours / 24), "day");
  place.textContent = say("Data as of {time} ({age})", { time: timeName(time), age });
  place.classList.toggle("old", hours >= 48);
};

const redraw = () => remember(drawAll());

const print = (on) => {
  if (on === isPrinting) return;
  isPrinting = on;
  document.documentElement.toggleAttribute("data-print", on);
  document.querySelectorAll("details").forEach((each) => {
    if (on) each.dataset.open = each.open ? "yes" : "";
    each.open = on || each.dataset.open === "yes";
  });
  drawAll();
};

data.reports.forEach((report) => {
  const frame = frameOf(report);
  frame.querySelector(".csv").addEventListener("click", () => {
    const text = `\ufeff${csvOf(report.made)}`;
    save(fileName(report, report.made.choice, "csv"), new Blob([text], { type: "text/csv;charset=utf-8" }));
  });
  const image = frame.querySelector(".png");
  if (image) {
    image.addEventListener("click", async () => {
      const options = { format: "png", width: 1200, height: 600 };
      const address = await Plotly.toImage(part(report, ".plot"), options);
      const bytes = Uint8Array.from(atob(address.split(",")[1]), (letter) => letter.charCodeAt(0));
      save(fileName(report, report.made.choice, "png"), new Blob([bytes], { type: "image/png" }));
    });
  }
  frame.querySelectorAll(".dimension select").forEach((select) =>
    select.addEventListener("change", () => drawReport(report, report.made.choice)));
  frame.querySelectorAll("details").forEach((details) => details.addEventListener("toggle", () => {
    frame.classList.toggle("open", details.open);
  }));
});

controls.hidden = false;
recall();
controls.addEventListener("change", (event) => {
  if (event.target.name === "grain") grainIsChosen = true;
  if (event.target.value === "custom" && !field("from").value) {
    const { scope } = chosen();
    const [starts, ends] = scope.periods.last_30_days.none;
    field("from").value = starts;
    field("to").value = ends;
  }
  redraw();
});
controls.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", () => { recall(); redraw(); });
addEventListener("beforeprint", () => print(true));
addEventListener("afterprint", () => print(false));
matchMedia("print").addEventListener("change", (event) => print(event.matches));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
let waiting;
let before = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === before) return; // a phone hides its bars
  before = innerWidth;
  clearTimeout(waiting);
  waiting = setTimeout(drawAll, 150);
});
const watcher = new IntersectionObserver((entries) => entries.forEach(({ isIntersecting, target }) => {
  if (!isIntersecting || inView.has(target.id)) return;
  inView.add(target.id);
  const report = data.reports.find((each) => each.key === target.id);
  drawReport(report, report.made.choice);
}), { rootMargin: "400px" });
redraw();
data.reports.forEach((report) => watcher.observe(frameOf(report)));
