// A report's figures as a table to sort, and as a CSV file.
const cell = (name, text, attributes) => element(name, text, attributes);

// heads: {label, kind}; rows: values in their order; foot: rows that stay at the end
const drawTable = (place, heads, rows, scope, foot = [], sorted = null) => {
  const table = document.createElement("table");
  const head = table.createTHead().insertRow();
  heads.forEach((column, at) => {
    const made = cell("th", "", { scope: "col", class: isText(column.kind) ? "text" : "" });
    const button = element("button", column.label, { type: "button" });
    const isSorted = sorted && sorted.at === at;
    made.setAttribute("aria-sort", isSorted ? (sorted.up ? "ascending" : "descending") : "none");
    button.addEventListener("click", () => {
      drawTable(place, heads, rows, scope, foot, { at, up: isSorted ? !sorted.up : isText(column.kind) });
      place.querySelectorAll("thead button")[at].focus();
    });
    made.append(button);
    head.append(made);
  });
  const ordered = [...rows];
  if (sorted) {
    const compared = (one, other) => {
      const [a, b] = [one[sorted.at], other[sorted.at]].map(keyOf);
      if (a === null || b === null) return (a === null) - (b === null);
      const order = typeof a === "string" ? a.localeCompare(b, data.language) : a - b;
      return sorted.up ? order : -order;
    };
    ordered.sort(compared);
  }
  const rowOf = (values) => {
    const row = document.createElement("tr");
    values.forEach((value, at) => {
      const text = at === 0 || isText(heads[at].kind) ? textOf(value) : written(heads[at].kind, value, scope);
      const made = at === 0
        ? cell("th", text, { scope: "row" })
        : cell("td", text, isText(heads[at].kind) ? { class: "text" } : {});
      if (value && value.url) made.replaceChildren(linkTo(value.url, text));
      // a bar is for the mouse, its row for the keyboard as well
      if (value && value.place !== undefined && heads[0].open) {
        const button = element("button", text, { type: "button", class: "opens" });
        button.addEventListener("click", () => heads[0].open(value));
        made.replaceChildren(button);
      }
      row.append(made);
    });
    return row;
  };
  table.createTBody().append(...ordered.map(rowOf));
  if (foot.length) table.createTFoot().append(...foot.map(rowOf));
  place.replaceChildren(table);
};

const isText = (kind) => kind === "text" || kind === "bucket";
const keyOf = (value) => (value && value.name !== undefined ? value.starts ?? value.name : value ?? null);
const textOf = (value) => (value === null || value === undefined ? NONE : value.name ?? String(value));

// a spreadsheet would compute a text that begins like a formula
const harmless = (text) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);
const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);

const csvOf = ({ heads, rows, scope }) => {
  const isBuckets = heads[0].kind === "bucket";
  const names = heads.map((column) => harmless(column.label));
  if (isBuckets) names.splice(0, 1, say("From"), say("To"));
  const lines = rows.map((row) => row.flatMap((value, at) => {
    if (at === 0 && isBuckets) return [isoOf(value.starts), isoOf(value.ends)];
    if (isText(heads[at].kind)) return [value === null ? "" : harmless(String(value.name ?? value))];
    return [plain(heads[at].kind, value, scope)];
  }));
  return [names, ...lines].map((line_) => line_.map(quoted).join(",")).join("\r\n") + "\r\n";
};

const save = (name, blob) => {
  const link = element("a", "", { download: name, href: URL.createObjectURL(blob) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

const fileName = (report, choice, ending) => {
  const { starts, ends } = choice.spans.none;
  return `${report.key}_${isoOf(starts)}_${isoOf(ends)}.${ending}`;
};
