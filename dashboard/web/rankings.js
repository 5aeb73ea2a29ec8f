// Reports without buckets of time: rankings, histograms, and plain tables.
const nameOf = ([others, ...labels]) =>
  (others ? say("{count} others", { count: counts.format(others) }) : labels.filter((label) => label).join(", "));

const filled = (report, row) => report.columns.map((column) => {
  if (!column.ratio) return row[column.stored];
  const [over, under] = column.ratio.map((name) => row[columnOf(report, name).stored]);
  return valueOf(under ? [over, under] : null, column.kind);
});

const tableOf = (report, scope, { labels, rows }) => ({
  heads: [...report.labels, ...report.columns], scope, sentence: "", note: "",
  rows: rows.map((row, at) => [
    ...(labels[at][0] ? [nameOf(labels[at]), ...labels[at].slice(2)] : labels[at].slice(1)),
    ...filled(report, row),
  ]),
});

const dimensionOf = (report) => {
  const select = part(report, ".dimension select");
  return select ? select.value : "";
};

const drawRanking = (report, choice) => {
  const { scope, period } = choice;
  if (period === "custom") {
    const note = say("This report has no figures by day: choose a fixed period.");
    return { ...tableOf(report, scope, { labels: [], rows: [] }), note };
  }
  const of = (rowsOf(report, scope) || {})[dimensionOf(report)] || {};
  const { labels, rows } = of[period] || { labels: [], rows: [] };
  const main = columnAt(report, report.main);
  const { kind } = report.columns[main];
  const values = rows.map((row) => row[main]);
  // the other labels tell two rows of one name apart
  const short = labels.map((label) => (label[0] ? nameOf(label) : label[1] ?? NONE));
  const names = short.map((name, at) => (short.indexOf(name) === short.lastIndexOf(name) ? name : nameOf(labels[at])));
  const last = values.length - 1;
  const largest = Math.max(0, ...values.filter((_, at) => !labels[at][0]));
  // a bar of all others would leave no room for the ones that are named
  const isLeftOut = last > 0 && labels[last][0] !== null && values[last] > 2 * largest;
  const shown = isLeftOut ? last : values.length;
  const made = tableOf(report, scope, { labels, rows });
  made.plot = values.some((value) => value)
    ? (width) => rankingOf(report, choice, rows.slice(0, shown), names.slice(0, shown), width) : null;
  if (isLeftOut) {
    made.note = say("Not drawn: {name}, {value}.", { name: names[last], value: written(kind, values[last], scope) });
  }
  const all = values.reduce((sum, value) => sum + value, 0);
  const top = values.indexOf(largest);
  if (top >= 0 && largest > 0) {
    const value = written(kind, largest, scope);
    made.sentence = values.some((each) => each < 0)
      ? say("{label}: {value}.", { label: names[top], value })
      : say("{name}: {value}, {share} of all.", { name: names[top], value, share: percents.format(largest / all) });
  }
  return made;
};

const drawHistogram = (report, { scope }) => {
  const { labels, rows } = rowsOf(report, scope) || { labels: [], rows: [] };
  const kinds = labels.map((label) => label[1]);
  const last = (rows[0] || []).length - 1;
  const names = (rows[0] || []).map((_, at) => (at === last ? `${at}+` : String(at)));
  const sentence = rows.map((row, kind) => {
    const total = row.reduce((sum, value) => sum + value, 0);
    // how many weeks it takes until that part of them has come
    const within = (some) => {
      let seen = 0;
      const week = row.findIndex((value) => { seen += value; return seen >= some * total; });
      return week === last ? names[last] : counts.format(week + 1);
    };
    return say("{name}: half come within {weeks} weeks, four fifths within {more}.", {
      name: kinds[kind], weeks: within(0.5), more: within(0.8),
    });
  }).join(" ");
  return {
    heads: [{ label: say("Weeks"), kind: "text" }, ...kinds.map((label) => ({ label, kind: "count" }))],
    rows: names.map((name, at) => [name, ...rows.map((row) => row[at])]), scope, sentence, note: "",
    plot: rows.length ? () => histogramOf(names, kinds, rows, scope) : null,
  };
};

const drawPlain = (report, { scope }) => {
  const of = rowsOf(report, scope) || { labels: [], rows: [] };
  return tableOf(report, of.currency ? { ...scope, ...of } : scope, of);
};
