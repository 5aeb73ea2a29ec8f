// A report over time: its chart, its table, and what both say in a sentence.
const sentenceOf = (report, choice, buckets, values) => {
  const column = columnOf(report, report.main);
  const { scope, compare } = choice;
  const { label } = column;
  if (isUncountable(report, choice, report.main)) {
    return say("{label} counts persons or orders once: a custom range has no sum of it.", { label });
  }
  const now = fractionOf(report, choice, report.main);
  const value = written(column.kind, valueOf(now, column.kind), scope);
  const before = compare === "none" ? null : fractionOf(report, choice, report.main, compare);
  const change = changeOf(now, before, column.kind);
  const first = change === null
    ? say("{label}: {value}.", { label, value })
    : say("{label}: {value}; against {comparison}: {change}.", {
      label, value, change: changeName(change, column.kind), comparison: data.comparisons[compare],
    });
  const highest = values.reduce((best, each, at) =>
    (each !== null && (best < 0 || each > values[best]) ? at : best), -1);
  if (highest < 0 || !values[highest] || values.length < 2) return first;
  const most = say("Highest: {bucket}, {value}.", {
    bucket: bucketName(choice.grain, buckets[highest]), value: written(column.kind, values[highest], scope),
  });
  return `${first} ${most}`;
};

const notesOf = (report, choice, buckets) => {
  const { scope } = choice;
  const span = choice.spans.none;
  const since = report.forgets ? sinceOf(report, scope) : -Infinity;
  const [first, last] = [buckets[0], buckets[buckets.length - 1]];
  const reaches = first && (first.starts < span.starts || Math.min(last.ends, dayOf(scope.today)) > span.ends);
  return [
    span.starts < since && Number.isFinite(since)
      && say("Nothing is known before {day}: Shopify keeps checkouts for a while only.", { day: dayName(since) }),
    last && !last.isOver && say("The last one is not over yet: it shows what there is so far."),
    reaches && say("The first or last one reaches beyond the chosen period, and is shown whole."),
    report.countsPersons && scope.shops.length > 1 && say("A person of two stores counts in each."),
  ].filter((note) => note).join(" ");
};

const drawOverTime = (report, choice) => {
  const { scope, grain, compare } = choice;
  const buckets = bucketsOf(scope, grain, choice.spans.none);
  const rounded = (column, value) => (column.kind === "money" && value !== null ? Math.round(value) : value);
  const columns = report.columns.map((column) =>
    series(report, scope, grain, column.name, buckets).map((value) => rounded(column, value)));
  const isEmpty = !report.drawn.some((name) => columns[columnAt(report, name)].some((value) => value));
  const totals = (comparison) => report.columns.map((column) =>
    valueOf(fractionOf(report, choice, column.name, comparison), column.kind));
  const foot = [[{ name: say("Whole period"), ...choice.spans.none }, ...totals("none")]];
  if (compare !== "none" && choice.spans[compare]) {
    foot.push([{ name: spanName(choice.spans[compare]), ...choice.spans[compare] }, ...totals(compare)]);
  }
  const open = part(report, ".orders") ? (bucket) => openOrders(report, choice, bucket) : null;
  return {
    heads: [{ label: data.grains[grain], kind: "bucket", open }, ...report.columns],
    rows: buckets.map((bucket, at) => [
      { name: bucketName(grain, bucket), ...bucket }, ...columns.map((values) => values[at])]),
    foot, scope,
    plot: isEmpty ? null : (width) => overTime(report, choice, buckets, width),
    sentence: sentenceOf(report, choice, buckets, columns[columnAt(report, report.main)]),
    note: notesOf(report, choice, buckets),
  };
};
