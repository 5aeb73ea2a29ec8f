// Reports without buckets of time: rankings, histograms, and plain tables.
const nameOf = ([others, ...labels]) =>
  (others ? say("{count} others", { count: counts.format(others) }) : labels.filter((label) => label).join(", "));

const filled = (report, row) => report.columns.map((column) => {
  if (!column.ratio) return row[column.stored];
  const [over, under] = column.ratio.map((name) => row[columnOf(report, name).stored]);
  return valueOf(under ? [over, under] : null, column.kind);
});

// what stands beside how many are shown, where there are more
const shownOf = (count, all) =>
  (all > count ? say("Shown: {count} of {all}.", { count: counts.format(count), all: counts.format(all) }) : "");

const tableOf = (report, scope, { labels, rows, all }) => {
  // a column that says the same store in each row says nothing
  const kept = report.labels.map((_, at) => at).filter((at) => !(report.labels[at].isShop && scope.shops.length === 1));
  const named = (label) => (label[0]
    ? [nameOf(label), ...kept.slice(1).map(() => null)] : kept.map((at) => label[at + 1]));
  return {
    heads: [...kept.map((at) => report.labels[at]), ...report.columns], scope, sentence: "",
    note: shownOf(rows.length, all), rows: rows.map((row, at) => [...named(labels[at]), ...filled(report, row)]),
  };
};

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
    // how many weeks it takes until that part of them has come; null where it is more than are told
    const within = (some) => {
      let seen = 0;
      const week = row.findIndex((value) => { seen += value; return seen >= some * total; });
      return week === last ? null : counts.format(week + 1);
    };
    const [weeks, more] = [within(0.5), within(0.8)];
    const said = { name: kinds[kind], weeks, more, most: counts.format(last) };
    if (weeks === null) return say("{name}: half take more than {most} weeks.", said);
    if (more === null) return say("{name}: half come within {weeks} weeks, a fifth or more after {most}.", said);
    return say("{name}: half come within {weeks} weeks, four fifths within {more}.", said);
  }).join(" ");
  return {
    heads: [{ label: say("Weeks"), kind: "text" }, ...kinds.map((label) => ({ label, kind: "count" }))],
    rows: names.map((name, at) => [name, ...rows.map((row) => row[at])]), scope, sentence, note: "",
    plot: rows.length ? () => histogramOf(names, kinds, rows, scope) : null,
  };
};

const FEW_PERSONS = 20; // a share of fewer says little

// all who came back, and after which first product most did
const repeatOf = ({ labels, rows, everybody }) => {
  if (!everybody) return "";
  const [customers, returned] = everybody;
  const share = percents.format(returned / customers);
  const best = rows.map((row, at) => [row[1] / row[0], row[0], labels[at][1]])
    .filter(([, count]) => count >= FEW_PERSONS).sort((one, other) => other[0] - one[0])[0];
  return best
    ? say("{share} of all {all} came back; after {name}, {best} of {count}.", {
      share, all: counts.format(customers), name: best[2], best: percents.format(best[0]), count: counts.format(best[1]),
    })
    : say("{share} of all {all} came back.", { share, all: counts.format(customers) });
};

const drawPlain = (report, { scope }) => {
  const of = rowsOf(report, scope) || { labels: [], rows: [] };
  const made = tableOf(report, of.currency ? { ...scope, currency: of.currency, digits: of.digits } : scope, of);
  return { ...made, sentence: repeatOf(of) };
};
