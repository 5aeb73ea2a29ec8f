// Cohorts as a table whose cells are coloured by their figure.
const HEATS = 6;
const whole = new Intl.NumberFormat(data.language, { style: "percent", maximumFractionDigits: 0 });

const drawCohorts = (report, { scope }) => {
  const of = (data.rows[report.key] || {})[scope.key] || { cohorts: [], customers: [], columns: [[], []] };
  const isMoney = dimensionOf(report) === "value";
  const [ordered, bought] = of.columns;
  const most = Math.max(0, ...ordered.map((row) => row.length));
  const valueAt = (row, at) => {
    const over = (isMoney ? bought : ordered)[row][at];
    return over === undefined || !of.customers[row] ? null : over / of.customers[row];
  };
  const kind = isMoney ? "money" : "share";
  const rounded = (value) => (isMoney && value !== null ? Math.round(value) : value);
  const values = of.cohorts.map((_, row) => Array.from({ length: most }, (__, at) => valueAt(row, at)));
  // everybody orders in the first month: it would drown the others
  const later = values.flatMap((row) => (isMoney ? row : row.slice(1))).filter((value) => value !== null);
  const top = later.sort((one, other) => one - other)[Math.floor(0.95 * (later.length - 1))] || 1;
  const heads = [
    { label: say("First order"), kind: "text" }, { label: say("Customers"), kind: "count" },
    ...Array.from({ length: most }, (_, at) => ({ label: say("Month {number}", { number: at }), kind })),
  ];
  const months = of.cohorts.map((iso) => monthName(dayOf(iso)));
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  heads.forEach(({ label }, at) => head.append(element("th", at > 1 ? String(at - 2) : label, {
    scope: "col", ...(at > 1 ? { "aria-label": label } : {}),
  })));
  const body = table.createTBody();
  months.forEach((name, row) => {
    const line_ = body.insertRow();
    line_.append(element("th", name, { scope: "row" }), element("td", counts.format(of.customers[row])));
    values[row].forEach((value, at) => {
      const heat = Math.min(HEATS, Math.max(1, Math.ceil(HEATS * (value || 0) / top)));
      const isRunning = monthsLater(dayOf(of.cohorts[row]), at + 1) > dayOf(scope.today);
      line_.append(element("td", value === null ? "" : isMoney ? written(kind, rounded(value), scope) : whole.format(value), value === null ? {} : {
        class: `heat-${heat}${isRunning ? " running" : ""}`, ...(isRunning ? { title: say("so far") } : {}),
      }));
    });
  });
  part(report, ".scroll").replaceChildren(table);
  part(report, ".nothing").hidden = months.length > 0;
  part(report, ".scroll").hidden = months.length === 0;
  const finished = of.cohorts.map((iso, row) => row).filter((row) => monthsLater(dayOf(of.cohorts[row]), 2) <= dayOf(scope.today));
  const customers = finished.reduce((sum, row) => sum + of.customers[row], 0);
  const again = finished.reduce((sum, row) => sum + (ordered[row][1] || 0), 0);
  const sentence = customers
    ? say("{share} of new customers ordered in the month after their first.", { share: percents.format(again / customers) }) : "";
  part(report, ".sentence").textContent = sentence;
  const rows = of.cohorts.map((_, row) => [months[row], of.customers[row], ...values[row].map(rounded)]);
  return { heads, rows, scope, sentence, note: "" };
};
