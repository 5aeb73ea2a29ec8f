// The reports' figures of a choice. All are the reports' own; only a custom range is summed,
// from its days, and a quotient divided from the two sums that the report has.
const columnAt = (report, name) => report.columns.findIndex((column) => column.name === name);

// the values of a column by bucket; null before the first day that the report knows
const series = (report, scope, grain, name, buckets) => {
  const column = report.columns[columnAt(report, name)];
  if (column.ratio) {
    const [over, under] = column.ratio.map((each) => series(report, scope, grain, each, buckets));
    return over.map((value, at) => (under[at] ? value / under[at] : null));
  }
  const of = (data.rows[report.key] || {})[scope.key] || {};
  const values = of[grain] ? data.pool[of[grain][column.stored]] : null;
  const since = report.forgets ? (of.since ? dayOf(of.since) : Infinity) : -Infinity;
  return buckets.map(({ place, ends }) => {
    if (ends < since) return null;
    return values ? values[place] : 0;
  });
};

const isKnown = (report, scope, span) => {
  if (!report.forgets) return span.starts >= dayOf(scope.firstDay);
  const since = ((data.rows[report.key] || {})[scope.key] || {}).since;
  return Boolean(since) && span.starts >= dayOf(since);
};

// a stored column over the whole of a period, or of the one that it is compared with
const sumOf = (report, choice, name, comparison = "none") => {
  const column = report.columns[columnAt(report, name)];
  const span = choice.spans[comparison];
  if (!span || (comparison !== "none" && !isKnown(report, choice.scope, span))) return null;
  if (choice.period === "custom") {
    if (column.isDistinct) return null;
    const days = bucketsOf(choice.scope, "day", span);
    return series(report, choice.scope, "day", name, days).reduce((sum, value) => sum + (value || 0), 0);
  }
  const of = ((data.rows[report.key] || {})[choice.scope.key] || {}).period || {};
  const values = (of[choice.period] || {})[comparison];
  return values ? values[column.stored] : 0;
};

// any column over a whole period as a fraction [dividend, divisor]; null where there is none
const fractionOf = (report, choice, name, comparison = "none") => {
  const column = report.columns[columnAt(report, name)];
  const [over, under] = column.ratio || [name, null];
  const dividend = sumOf(report, choice, over, comparison);
  const divisor = under === null ? 1 : sumOf(report, choice, under, comparison);
  return dividend === null || !divisor ? null : [dividend, divisor];
};

const totalOf = (...choice) => {
  const fraction = fractionOf(...choice);
  return fraction && fraction[0] / fraction[1];
};

// The change in whole tenths: of a percent, or of a percentage point of a share, half away from
// zero; "new" where something came from nothing; null where nothing can be compared. Exact.
const changeOf = (now, before, kind) => {
  if (!now || !before) return null;
  const [[a, b], [c, d]] = [now, before].map((pair) => pair.map((each) => BigInt(Math.round(each))));
  if (kind !== "share" && c === 0n) return a ? "new" : null;
  const size = (number) => (number < 0n ? -number : number);
  const over = 1000n * (a * d - c * b) * (b < 0n ? -1n : 1n) * (d < 0n ? -1n : 1n);
  const under = size(b) * (kind === "share" ? size(d) : size(c));
  const tenthsOf = (2n * size(over) + under) / (2n * under);
  return Number(over < 0n ? -tenthsOf : tenthsOf);
};
