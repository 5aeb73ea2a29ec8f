// Cohorts as a table whose cells are coloured by their figure.
const HEATS = 6;
const wholePercents = new Intl.NumberFormat(data.language, { style: "percent", maximumFractionDigits: 0 });

const heatTable = ({ heads, rows, scope }, kind, heat, isRunning) => {
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  heads.forEach(({ label }, at) => head.append(element("th", at > 1 ? String(at - 2) : label, {
    scope: "col", ...(at > 1 ? { "aria-label": label } : {}),
  })));
  const body = table.createTBody();
  rows.forEach(([name, customers, ...values], row) => {
    const cells = values.map((value, at) => {
      if (value === null) return element("td");
      const text = kind === "share" ? wholePercents.format(value) : written(kind, value, scope);
      return element("td", text, { class: `heat-${heat(value)}${isRunning(row, at) ? " running" : ""}` });
    });
    const line = body.insertRow();
    line.append(element("th", name, { scope: "row" }), element("td", counts.format(customers)), ...cells);
  });
  return table;
};

const drawCohorts = (report, { scope }) => {
  const of = rowsOf(report, scope) || { cohorts: [], customers: [], columns: [[], []] };
  const kind = dimensionOf(report) === "value" ? "money" : "share";
  const [ordered, bought] = of.columns;
  const most = Math.max(0, ...ordered.map((row) => row.length));
  const figures = kind === "money" ? bought : ordered;
  const values = figures.map((row, cohort) => Array.from({ length: most }, (_, at) =>
    (row[at] === undefined ? null : valueOf([row[at], of.customers[cohort]], kind))));
  // everybody orders in the first month: it would drown the others
  const later = values.flatMap((row) => (kind === "money" ? row : row.slice(1))).filter((value) => value !== null);
  const top = later.sort((one, other) => one - other)[Math.floor(0.95 * (later.length - 1))] || 1;
  const heat = (value) => Math.min(HEATS, Math.max(1, Math.ceil((HEATS * value) / top)));
  const today = dayOf(scope.today);
  const isOver = (cohort, months) => monthsLater(dayOf(of.cohorts[cohort]), months + 1) <= today;
  const made = {
    heads: [
      { label: say("First order"), kind: "text" }, { label: say("Customers"), kind: "count" },
      ...Array.from({ length: most }, (_, at) => ({ label: say("Month {number}", { number: at }), kind })),
    ],
    rows: of.cohorts.map((month, at) => [monthName(dayOf(month)), of.customers[at], ...values[at]]),
    scope, sentence: "", isMoney: kind === "money",
    note: [
      say("Dashed: not over yet."), shownOf(of.cohorts.length, of.all), scope.shops.length > 1 && say("A person of two stores counts in each."),
    ].filter((note) => note).join(" "),
  };
  const finished = of.cohorts.map((_, at) => at).filter((at) => isOver(at, 1));
  const sum = (list) => list.reduce((all, value) => all + value, 0);
  const customers = sum(finished.map((at) => of.customers[at]));
  if (customers) {
    const share = percents.format(sum(finished.map((at) => ordered[at][1] || 0)) / customers);
    made.sentence = say("{share} of new customers ordered in the month after their first.", { share });
  }
  made.table = () => heatTable(made, kind, heat, (cohort, at) => !isOver(cohort, at));
  return made;
};
