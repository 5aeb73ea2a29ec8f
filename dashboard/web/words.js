// Numbers, dates and words as the page's language writes them.
const say = (text, values = {}) =>
  (data.words[text] || text).replace(/\{(\w+)\}/g, (_, name) => values[name]);

const NONE = "\u2013";
const trueMinus = (text) => text.replace(/^(\u200e?)-/, "$1\u2212");
const counts = new Intl.NumberFormat(data.language, { useGrouping: "always" });
const tenths = new Intl.NumberFormat(data.language, {
  minimumFractionDigits: 1, maximumFractionDigits: 1,
});
const percents = new Intl.NumberFormat(data.language, {
  style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1,
});
const moneyOf = {};

// an amount in the currency's smallest units: 128335047 -> £1,283,350.47
const money = (amount, scope) => {
  const key = scope.currency;
  moneyOf[key] ||= new Intl.NumberFormat(data.language, {
    style: "currency", currency: key, useGrouping: "always",
    minimumFractionDigits: scope.digits, maximumFractionDigits: scope.digits,
  });
  return trueMinus(moneyOf[key].format(amount / 10 ** scope.digits));
};

// a figure of a column as people read it, an en dash where there is none
const written = (kind, value, scope) => {
  if (value === null || value === undefined || value === "") return NONE;
  if (kind === "money") return money(value, scope);
  if (kind === "share") return trueMinus(percents.format(value));
  if (kind === "count") return trueMinus(counts.format(value));
  if (kind === "number") return tenths.format(value);
  if (kind === "date") return dayName(dayOf(value));
  if (kind === "time") return timeName(new Date(`${value}Z`));
  return String(value);
};

// the same for a program: no separators, amounts in units of the currency
const plain = (kind, value, scope) => {
  if (value === null || value === undefined) return "";
  if (kind === "money") return (value / 10 ** scope.digits).toFixed(scope.digits);
  if (kind === "share") return String(Math.round(value * 1e6) / 1e6);
  return String(value);
};

// ▲ 12.4 %, ▼ 1.2 points of a share, new: from whole tenths, as changeOf gives them
const changeName = (change, kind) => {
  if (change === null) return NONE;
  if (change === "new") return say("new");
  if (change === 0) return say("unchanged");
  const number = tenths.format(Math.abs(change) / 10);
  const arrow = change > 0 ? "\u25b2" : "\u25bc";
  return `${arrow} ${kind === "share" ? say("{number} points", { number }) : percents.format(Math.abs(change) / 1000)}`;
};

const timeName = (time) => `${new Intl.DateTimeFormat(data.dates, {
  dateStyle: "medium", timeStyle: "short", timeZone: "UTC",
}).format(time)} UTC`;
