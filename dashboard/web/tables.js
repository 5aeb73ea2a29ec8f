// A report's figures as a table to sort, and as a CSV file.
const isText = (kind) => kind === "text" || kind === "bucket";
const keyOf = (value) => (value && value.name !== undefined ? value.starts ?? value.name : value ?? null);
const textOf = (value) => (value === null || value === undefined ? NONE : value.name ?? String(value));

const sortedBy = ({ rows }, sorted) => {
  if (!sorted) return rows;
  const compared = (one, other) => {
    const [a, b] = [one[sorted.at], other[sorted.at]].map(keyOf);
    if (a === null || b === null) return (a === null) - (b === null);
    const order = typeof a === "string" ? a.localeCompare(b, data.language) : a - b;
    return sorted.up ? order : -order;
  };
  return [...rows].sort(compared);
};

const cellOf = (made, value, at) => {
  const { kind } = made.heads[at];
  const text = at === 0 || isText(kind) ? textOf(value) : written(kind, value, made.scope);
  const cell = at === 0
    ? element("th", text, { scope: "row" }) : element("td", text, isText(kind) ? { class: "text" } : {});
  if (value && value.url) cell.replaceChildren(linkTo(value.url, text));
  // a bar is for the mouse, its row for the keyboard as well
  if (value && value.place !== undefined && made.heads[0].open) {
    const button = element("button", text, { type: "button", class: "opens" });
    button.addEventListener("click", () => made.heads[0].open(value));
    cell.replaceChildren(button);
  }
  return cell;
};

// made: {heads: {label, kind}, rows, foot, scope}; sorted: {at, up} of a column, or null
const drawTable = (place, made, sorted, sort) => {
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  made.heads.forEach((column, at) => {
    const cell = element("th", "", { scope: "col", class: isText(column.kind) ? "text" : "" });
    const button = element("button", column.label, { type: "button" });
    const isSorted = sorted && sorted.at === at;
    cell.setAttribute("aria-sort", isSorted ? (sorted.up ? "ascending" : "descending") : "none");
    button.addEventListener("click", () => {
      sort({ at, up: isSorted ? !sorted.up : isText(column.kind) });
      place.querySelectorAll("thead button")[at].focus();
    });
    cell.append(button);
    head.append(cell);
  });
  const rowOf = (values) => {
    const row = document.createElement("tr");
    row.append(...values.map((value, at) => cellOf(made, value, at)));
    return row;
  };
  table.createTBody().append(...sortedBy(made, sorted).map(rowOf));
  if (made.foot) table.createTFoot().append(...made.foot.map(rowOf));
  place.replaceChildren(table);
};

// a spreadsheet would compute a text that begins like a formula
const harmless = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);

const csvOf = ({ heads, rows, scope }) => {
  const isBuckets = heads[0].kind === "bucket";
  const names = heads.map((column) => harmless(column.label));
  if (isBuckets) names.splice(0, 1, say("From"), say("To"));
  const lines = rows.map((row) => row.flatMap((value, at) => {
    if (at === 0 && isBuckets) return [isoOf(value.starts), isoOf(value.ends)];
    if (!isText(heads[at].kind)) return [plain(heads[at].kind, value, scope)];
    return [value === null || value === undefined ? "" : harmless(String(value.name ?? value))];
  }));
  return `\ufeff${[names, ...lines].map((cells) => cells.map(quoted).join(",")).join("\r\n")}\r\n`;
};

const save = (name, blob) => {
  const link = element("a", "", { download: name, href: URL.createObjectURL(blob) });
  document.body.append(link);
  link.click();
  link.remove();
  // a busy browser may begin to save long after the click
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

// with the days that it is about: those of the period, or today's
const fileName = (report, choice, ending) => {
  const { starts, ends } = choice.spans.none;
  const days = report.isOfPeriod ? `${isoOf(starts)}_${isoOf(ends)}` : choice.scope.today;
  return `${report.key}_${days}.${ending}`;
};
