// The reports' figures of a choice. All are the reports' own; only a custom range is summed,
// from its days, and a quotient divided from the two sums that the report has.
const columnAt = (report, name) => report.columns.findIndex((column) => column.name === name);
const columnOf = (report, name) => report.columns[columnAt(report, name)];

// a report's rows of a scope, or those that belong to no scope
const rowsOf = (report, scope) => {
  const rows = data.rows[report.key] || {};
  return rows["*"] || rows[scope.key] || null;
};

// the first day of which the report knows anything
const sinceOf = (report, scope) => {
  if (!report.forgets) return dayOf(scope.firstDay);
  const { since } = rowsOf(report, scope) || {};
  return since ? dayOf(since) : Infinity;
};

// the values of a column by bucket; null where nothing is known or nothing can be divided
const series = (report, scope, grain, name, buckets) => {
  const column = columnOf(report, name);
  if (column.ratio) {
    const [over, under] = column.ratio.map((each) => series(report, scope, grain, each, buckets));
    return over.map((value, at) => (under[at] ? value / under[at] : null));
  }
  const of = (rowsOf(report, scope) || {})[grain];
  const values = of ? data.pool[of[column.stored]] : null;
  const since = report.forgets ? sinceOf(report, scope) : -Infinity;
  return buckets.map(({ place, ends }) => (ends < since ? null : values ? values[place] : 0));
};

const isKnown = (report, scope, span) => span.starts >= sinceOf(report, scope);

// a stored column over the whole of a period, or of the one that it is compared with
const sumOf = (report, choice, name, comparison = "none") => {
  const column = columnOf(report, name);
  const span = choice.spans[comparison];
  if (!span || (comparison !== "none" && !isKnown(report, choice.scope, span))) return null;
  if (choice.period === "custom") {
    if (column.isDistinct) return null;
    const days = bucketsOf(choice.scope, "day", span);
    return series(report, choice.scope, "day", name, days).reduce((sum, value) => sum + (value || 0), 0);
  }
  const of = (rowsOf(report, choice.scope) || {}).period || {};
  const values = (of[choice.period] || {})[comparison];
  return values ? values[column.stored] : 0;
};

// whether a custom range has no sum of a column: persons and orders of two days count once
const isUncountable = (report, choice, name) => {
  const { ratio } = columnOf(report, name);
  return choice.period === "custom" && (ratio || [name]).some((each) => columnOf(report, each).isDistinct);
};

// any column over a whole period as a fraction [dividend, divisor]; null where there is none
const fractionOf = (report, choice, name, comparison = "none") => {
  const [over, under] = columnOf(report, name).ratio || [name, null];
  const dividend = sumOf(report, choice, over, comparison);
  const divisor = under === null ? 1 : sumOf(report, choice, under, comparison);
  return dividend === null || !divisor ? null : [dividend, divisor];
};

// what a fraction is as a figure: amounts are whole in the smallest units
const valueOf = (fraction, kind) => {
  if (!fraction) return null;
  return kind === "money" ? Math.round(fraction[0] / fraction[1]) : fraction[0] / fraction[1];
};

// The change in whole tenths: of a percent, or of a percentage point of a share, half away from
// zero; "new" where something came from nothing; null where nothing can be compared. Exact.
const changeOf = (now, before, kind) => {
  if (!now || !before) return null;
  const [[a, b], [c, d]] = [now, before].map((pair) => pair.map(BigInt));
  if (kind !== "share" && c === 0n) return a ? "new" : null;
  const size = (number) => (number < 0n ? -number : number);
  const over = 1000n * (a * d - c * b) * (b < 0n ? -1n : 1n) * (d < 0n ? -1n : 1n);
  const under = size(b) * (kind === "share" ? size(d) : size(c));
  const tenthsOf = (2n * size(over) + under) / (2n * under);
  return Number(over < 0n ? -tenthsOf : tenthsOf);
};
