// Days as whole numbers since 1970, and the buckets of time that the reports know.
const DAY = 86400000;
const dayOf = (iso) => Date.parse(`${iso}T00:00:00Z`) / DAY;
const isoOf = (day) => new Date(day * DAY).toISOString().slice(0, 10);
const format = (options) => {
  const made = new Intl.DateTimeFormat(data.dates, { ...options, timeZone: "UTC" });
  return (day) => made.format(new Date(day * DAY));
};
const dayName = format({ day: "numeric", month: "short", year: "numeric" });
const shortDay = format({ day: "numeric", month: "short" });
const monthName = format({ month: "short", year: "numeric" });
const shortMonth = format({ month: "short" });
const yearOf = (day) => new Date(day * DAY).getUTCFullYear();

const monthsLater = (day, months) => {
  const date = new Date(day * DAY);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0));
  last.setUTCDate(Math.min(date.getUTCDate(), last.getUTCDate()));
  return last.getTime() / DAY;
};

const STEPS = {
  day: (start, place) => start + place,
  week: (start, place) => start + 7 * place,
  month: (start, place) => monthsLater(start, place),
  quarter: (start, place) => monthsLater(start, 3 * place),
};

// the buckets of a grain that lie in a span or reach into it, each whole
const bucketsOf = (scope, grain, span) => {
  const [first, count] = scope.axes[grain] || [null, 0];
  const start = first === null ? 0 : dayOf(first);
  const found = [];
  for (let place = 0; place < count; place += 1) {
    const starts = STEPS[grain](start, place);
    const ends = STEPS[grain](start, place + 1) - 1;
    if (ends >= span.starts && starts <= span.ends) {
      found.push({ place, starts, ends, isOver: ends < dayOf(scope.today) });
    }
  }
  return found;
};

const bucketName = (grain, { starts, ends }) => {
  if (grain === "day") return dayName(starts);
  if (grain === "week") return `${dayName(starts)} ${NONE} ${dayName(ends)}`;
  if (grain === "month") return monthName(starts);
  const quarter = new Date(starts * DAY).getUTCMonth() / 3 + 1;
  return say("Q{quarter} {year}", { quarter, year: yearOf(starts) });
};

// on an axis, in plotly's two lines
const tickName = (grain, { starts }) => {
  if (grain === "quarter") return bucketName(grain, { starts }).replace(" ", "<br>");
  return `${grain === "month" ? shortMonth(starts) : shortDay(starts)}<br>${yearOf(starts)}`;
};

const spanName = ({ starts, ends }) =>
  (starts === ends ? dayName(starts) : `${dayName(starts)} ${NONE} ${dayName(ends)}`);

// a month reads best by day, a quarter by week
const fittingGrain = ({ starts, ends }) => {
  const days = ends - starts + 1;
  if (days <= 45) return "day";
  if (days <= 200) return "week";
  return days <= 1200 ? "month" : "quarter";
};
