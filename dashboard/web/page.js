// Shows the chosen store, period, granularity and comparison in every report of the page.
const PRINTED = 660; // pixels, of a chart on paper
const MANY = 400; // rows: a longer table is made when somebody opens it
const inView = new Set();
let isPrinting = false;

const frameOf = (report) => document.getElementById(report.key);
const part = (report, kind) => frameOf(report).querySelector(kind);
const setHidden = (place, hidden) => { if (place) place.hidden = hidden; };

const FORMS = {
  lines: drawOverTime, columns: drawOverTime, stacked: drawOverTime,
  ranking: drawRanking, histogram: drawHistogram, cohorts: drawCohorts, table: drawPlain, orders: drawOrders,
};

const drawPlot = (report) => {
  const plot = part(report, ".plot");
  const { made, choice } = report;
  if (!plot || !made.plot || !(inView.has(report.key) || isPrinting)) return;
  const width = isPrinting ? PRINTED : plot.clientWidth;
  const [marks, layout] = made.plot(width);
  Plotly.react(plot, marks, { ...layout, width, autosize: false }, { displayModeBar: false });
  if (!part(report, ".orders") || plot.dataset.opens) return;
  plot.dataset.opens = "yes";
  plot.on("plotly_click", ({ points }) =>
    openOrders(report, report.choice, report.made.rows[points[0].pointIndex][0]));
};

const fillTable = (report) => {
  const { made } = report;
  const place = part(report, ".scroll");
  const details = part(report, "details");
  const isClosed = details && !details.open && made.rows.length > MANY;
  if (isClosed) place.replaceChildren();
  else if (made.table) place.replaceChildren(made.table());
  else {
    drawTable(place, made, report.sorted, (sorted) => {
      report.sorted = sorted;
      fillTable(report);
    });
  }
};

const drawReport = (report, choice) => {
  const made = FORMS[report.form](report, choice);
  Object.assign(report, { made, choice });
  const isEmpty = report.isDrawn ? !made.plot : made.rows.length === 0;
  const isExplained = isEmpty && made.note && made.rows.length === 0;
  part(report, ".nothing").hidden = !isEmpty || isExplained;
  setHidden(part(report, ".plot"), isEmpty);
  setHidden(report.isDrawn ? null : part(report, ".scroll"), isEmpty);
  setHidden(part(report, ".orders"), true);
  part(report, ".csv").disabled = made.rows.length === 0;
  if (report.isDrawn) {
    part(report, ".png").disabled = isEmpty;
    part(report, ".plot").setAttribute("aria-label", `${report.title}. ${made.sentence}`);
  }
  part(report, ".sentence").textContent = made.sentence;
  const always = report.isOfAllTime && !isEmpty ? say("Of all time, whatever the period.") : "";
  const note = [always, made.note].filter((each) => each).join(" ");
  part(report, ".note").textContent = note;
  part(report, ".note").hidden = !note;
  const isMoney = made.isMoney ?? report.isMoney;
  part(report, ".unit").textContent = isMoney ? made.scope.currency : say("Number");
  fillTable(report);
  drawPlot(report);
};

const drawAge = (scope) => {
  const place = document.getElementById("as-of");
  const time = scope.asOf && new Date(`${scope.asOf}Z`);
  const minutes = time ? Math.max(0, Math.floor((Date.now() - time) / 60000)) : 0;
  const hours = Math.floor(minutes / 60);
  place.classList.toggle("old", hours >= 48);
  if (!time) {
    place.textContent = say("It is not known when the data were read.");
    return;
  }
  const relative = new Intl.RelativeTimeFormat(data.language, { numeric: "always" });
  const [number, unit] = hours < 2 ? [minutes, "minute"] : hours < 48 ? [hours, "hour"] : [Math.floor(hours / 24), "day"];
  const age = relative.format(-number, unit);
  place.textContent = say("Data as of {time} ({age})", { time: timeName(time), age });
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
  remember(choice);
};

const drawPlots = () => data.reports.forEach(drawPlot);

// on paper tables are open, charts as wide as the sheet, colours light; afterwards as before
const print = (on) => {
  if (on === isPrinting) return;
  isPrinting = on;
  document.documentElement.toggleAttribute("data-print", on);
  data.reports.filter((report) => report.isDrawn).forEach((report) => {
    const details = part(report, "details");
    if (on) details.dataset.open = details.open ? "yes" : "";
    details.open = on || details.dataset.open === "yes";
    frameOf(report).classList.toggle("open", details.open);
    fillTable(report);
  });
  drawPlots();
};

// the chart with its title on the page's ground, as it would stand in a document
const pictureOf = async (report) => {
  const plot = part(report, ".plot");
  const ground = styleOf("--card");
  const { starts, ends } = report.choice.spans.none;
  const days = report.isOfPeriod ? `, ${spanName({ starts, ends })}` : "";
  const layout = {
    ...plot.layout, paper_bgcolor: ground, plot_bgcolor: ground, width: 1200, height: 600,
    title: { text: plotText(`${report.title}: ${report.choice.scope.label}${days}`), x: 0.02, xanchor: "left" },
    margin: { l: 16, r: 24, t: 90, b: 16 },
  };
  const address = await Plotly.toImage({ data: plot.data, layout }, { format: "png", width: 1200, height: 600 });
  return Uint8Array.from(atob(address.split(",")[1]), (letter) => letter.charCodeAt(0));
};

data.reports.forEach((report) => {
  part(report, ".csv").addEventListener("click", () => {
    const blob = new Blob([csvOf(report.made.csv || report.made)], { type: "text/csv;charset=utf-8" });
    save(fileName(report, report.choice, "csv"), blob);
  });
  if (!report.isDrawn) return;
  part(report, ".png").addEventListener("click", async () => {
    save(fileName(report, report.choice, "png"), new Blob([await pictureOf(report)], { type: "image/png" }));
  });
  part(report, "details").addEventListener("toggle", ({ target }) => {
    if (isPrinting) return;
    frameOf(report).classList.toggle("open", target.open);
    fillTable(report);
    drawPlot(report);
  });
});

controls.hidden = false;
recall();
controls.addEventListener("change", ({ target }) => {
  if (target.name === "grain") grainIsChosen = true;
  if (target.value === "custom" && !field("from").value) {
    const [starts, ends] = chosen().scope.periods.last_30_days.none;
    field("from").value = starts;
    field("to").value = ends;
  }
  drawAll();
});
controls.addEventListener("submit", (event) => event.preventDefault());
dimensions.forEach((select) => select.addEventListener("change", drawAll));
addEventListener("hashchange", () => { recall(); drawAll(); });
addEventListener("beforeprint", () => print(true));
addEventListener("afterprint", () => print(false));
matchMedia("print").addEventListener("change", ({ matches }) => print(matches));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawPlots);
let waiting;
let lastWidth = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === lastWidth) return; // a phone hides its bars
  lastWidth = innerWidth;
  clearTimeout(waiting);
  waiting = setTimeout(drawPlots, 150);
});
drawAll();
const watcher = new IntersectionObserver((entries) => entries.forEach(({ isIntersecting, target }) => {
  if (!isIntersecting || inView.has(target.id)) return;
  inView.add(target.id);
  drawPlot(data.reports.find((report) => report.key === target.id));
}), { rootMargin: "400px" });
data.reports.forEach((report) => watcher.observe(frameOf(report)));
