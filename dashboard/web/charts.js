// Draws with plotly what the tables say, in the page's own colours.
const styleOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colour = (at) => styleOf(`--series-${at + 1}`);
const DASHES = ["dash", "dot", "solid"];
const PIXELS_PER_TICK = 56;
const NARROW = 480;
const FEW = 6; // counts up to this have a tick each, so that no tick is a fraction
const FEWEST_BARS = 6; // a ranking leaves room for as many, so that a bar is never a wall

// plotly reads a few HTML tags in labels: show them as text
const plotText = (text, most = 200) => {
  const letters = Array.from(text);
  const cut = letters.length > most ? `${letters.slice(0, most - 1).join("").trimEnd()}\u2026` : text;
  return cut.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
};

const scaled = (kind, value, scope) =>
  (value === null ? null : kind === "money" ? value / 10 ** scope.digits : value);

const layoutOf = (kind, scope) => {
  const font = { family: styleOf("--font"), size: 13, color: styleOf("--ink") };
  const axis = { showgrid: false, zeroline: false, automargin: true, fixedrange: true, ticklabelstandoff: 4 };
  const numbers = {
    ...axis, showgrid: true, gridcolor: styleOf("--line"), rangemode: "tozero", nticks: 6,
    separatethousands: true, exponentformat: "none",
    ...(kind === "money" ? signOf(scope) : {}),
    ...(kind === "share" ? { tickformat: ".0%" } : {}),
  };
  const layout = {
    font, height: 320, margin: { l: 8, r: 12, t: 8, b: 8 },
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    hoverlabel: { font: { ...font, color: styleOf("--ink") }, bgcolor: styleOf("--card") },
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", traceorder: "normal" },
    bargap: 0.25, separators: separators(),
  };
  return { layout, axis, numbers };
};

const separators = () => {
  const parts = new Intl.NumberFormat(data.language).formatToParts(12345.6);
  const of = (type) => (parts.find((part) => part.type === type) || { value: "" }).value;
  return of("decimal") + of("group");
};

// the currency's sign before or after a tick, as the language has it
const signOf = (scope) => {
  const format = new Intl.NumberFormat(data.language, { style: "currency", currency: scope.currency });
  const parts = format.formatToParts(1);
  const at = parts.findIndex((part_) => part_.type === "currency");
  const sign = parts[at].value;
  const isWord = /[A-Za-z]$/.test(sign);
  return at === 0 ? { tickprefix: isWord ? `${sign}\u00a0` : sign } : { ticksuffix: `\u00a0${sign}` };
};

const overTime = (report, choice, buckets, width) => {
  const { scope, grain } = choice;
  const kind = columnOf(report, report.drawn[0]).kind;
  const { layout, axis, numbers } = layoutOf(kind, scope);
  const names = buckets.map((bucket) => bucketName(grain, bucket));
  const isRunning = buckets.length > 0 && !buckets[buckets.length - 1].isOver;
  const marks = report.drawn.flatMap((name, at) => {
    const column = columnOf(report, name);
    const values = series(report, scope, grain, name, buckets);
    const y = values.map((value) => scaled(column.kind, value, scope));
    const customdata = values.map((value, place) => written(column.kind, value, scope)
      + (isRunning && place === values.length - 1 ? ` (${say("so far")})` : ""));
    const hovertemplate = "%{customdata}<extra>%{fullData.name}</extra>";
    const shown = { name: column.label, x: names, customdata, hovertemplate };
    if (report.form !== "lines") {
      const shape = buckets.map((bucket) => (bucket.isOver ? "" : "/"));
      return [{
        ...shown, type: "bar", y,
        marker: { color: colour(at), pattern: { shape, fgopacity: 0.7, bgcolor: styleOf("--card"), fgcolor: colour(at) } },
      }];
    }
    const dash = report.drawn.length === 1 ? "solid" : DASHES[(at + 3 - report.drawn.length) % 3];
    const drawn = { color: colour(at), width: at === report.drawn.length - 1 ? 2.5 : 2, dash };
    const over = isRunning ? y.map((value, place) => (place === y.length - 1 ? null : value)) : y;
    // a point without neighbours has no line
    const alone = over.map((value, place) => value !== null
      && (over[place - 1] ?? null) === null && (over[place + 1] ?? null) === null);
    const size = alone.map((is) => (is ? 8 : y.length <= 31 ? 5 : 0));
    const lineOf = {
      ...shown, type: "scatter", mode: "lines+markers", y: over, line: drawn, connectgaps: false,
      marker: { color: colour(at), size, opacity: size.map((each) => (each ? 1 : 0)) },
    };
    if (!isRunning) return [lineOf];
    const end = y.map((value, place) => (place >= y.length - 2 ? value : null));
    return [lineOf, {
      ...shown, type: "scatter", mode: "lines+markers", y: end, showlegend: false,
      line: { ...drawn, dash: "dot", width: 1.5 },
      marker: { symbol: "circle-open", color: colour(at), size: end.map((_, place) => (place === end.length - 1 ? 9 : 0)) },
      hovertemplate: end.map((_, place) => (place === end.length - 1 ? hovertemplate : "<extra></extra>")),
      hoverinfo: "skip",
    }];
  });
  const fitting = Math.max(2, Math.floor(width / PIXELS_PER_TICK));
  const step = Math.max(1, Math.ceil(buckets.length / fitting));
  const shown = buckets.map((_, at) => at).filter((at) => at % step === 0);
  const most = Math.max(0, ...marks.flatMap((mark) => mark.y));
  return [marks, {
    ...layout, hovermode: "x unified", showlegend: report.drawn.length > 1,
    barmode: report.form === "stacked" ? "stack" : "group",
    xaxis: {
      ...axis, type: "category", linecolor: styleOf("--soft"), ticks: "outside", tickangle: 0,
      tickvals: shown.map((at) => names[at]), ticktext: shown.map((at) => tickName(grain, buckets[at])),
    },
    yaxis: { ...numbers, ...(kind === "count" && most <= FEW ? { dtick: 1 } : {}) },
  }];
};

const rankingOf = (report, choice, rows, names, width) => {
  const main = columnAt(report, report.drawn[0]);
  const { kind } = report.columns[main];
  const { layout, axis, numbers } = layoutOf(kind, choice.scope);
  const isNarrow = width < NARROW;
  const values = rows.map((row) => row[main]);
  const [noted, word] = report.noted;
  const notes = rows.map((row) => {
    const value = written(kind, row[main], choice.scope);
    const beside = `${written(report.columns[noted].kind, row[noted], choice.scope)} ${word}`;
    return isNarrow ? value : `${value}, ${beside}`;
  });
  const x = values.map((value) => scaled(kind, value, choice.scope));
  const places = rows.map((_, at) => at);
  const ends = [Math.min(0, ...x), Math.max(0, ...x)];
  const room = isNarrow ? 1.9 : width < 900 ? 1.7 : 1.35; // for the notes beside the bars
  const mark = {
    type: "bar", orientation: "h", x, y: places, text: notes, textposition: "outside", cliponaxis: false,
    customdata: names.map((name, at) => `${plotText(name)}: ${notes[at]}`),
    hovertemplate: "%{customdata}<extra></extra>", marker: { color: colour(0) },
  };
  return [[mark], {
    ...layout, hovermode: "closest", showlegend: false,
    height: Math.max(200, 60 + 28 * Math.max(rows.length, FEWEST_BARS)),
    xaxis: {
      ...numbers, nticks: isNarrow ? 3 : 4, tickangle: 0,
      ...(ends[0] < ends[1] ? { range: ends.map((end) => end * room) } : {}),
    },
    yaxis: {
      ...axis, ticks: "", tickvals: places, range: [Math.max(rows.length, FEWEST_BARS) - 0.5, -0.5],
      ticktext: names.map((name) => plotText(name, isNarrow ? 18 : 34)),
    },
  }];
};

const histogramOf = (names, kinds, columns, scope) => {
  const { layout, axis, numbers } = layoutOf("count", scope);
  const marks = columns.map((y, at) => ({
    type: "bar", name: kinds[at], x: names, y, marker: { color: colour(at) },
    hovertemplate: "%{y}<extra>%{fullData.name}</extra>",
  }));
  return [marks, {
    ...layout, hovermode: "x unified", showlegend: kinds.length > 1, barmode: "group",
    xaxis: { ...axis, type: "category", linecolor: styleOf("--soft"), ticks: "outside", nticks: 14, tickangle: 0 },
    yaxis: numbers,
  }];
};
