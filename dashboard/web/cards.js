// The first figures of the page: value, change, and a line of both periods.
const SVG = "http://www.w3.org/2000/svg";

const element = (name, text = "", attributes = {}) => {
  const made = document.createElement(name);
  made.textContent = text;
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
};

const shape = (name, attributes) => {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
};

// the stretches of known values, as lists of [place, value]
const stretches = (values) => values.reduce((found, value, at) => {
  if (value === null) return [...found, []];
  found[found.length - 1].push([at, value]);
  return found;
}, [[]]).filter((stretch) => stretch.length);

const sparkline = (report, column, choice) => {
  const { scope, spans, compare } = choice;
  const grain = fittingGrain(spans.none) === "day" ? "day" : choice.grain;
  const of = (name) => {
    const span = spans[name];
    if (!span || (name !== "none" && !isKnown(report, scope, span))) return [[], []];
    const buckets = bucketsOf(scope, grain, span);
    return [buckets, series(report, scope, grain, column, buckets)];
  };
  const [buckets, now] = of("none");
  const [, before] = compare === "none" ? [[], []] : of(compare);
  const known = [...now, ...before].filter((value) => value !== null);
  const [least, most] = [Math.min(0, ...known), Math.max(0, ...known)];
  const across = Math.max(1, now.length - 1, before.length - 1);
  const point = ([at, value]) =>
    `${(100 * at / across).toFixed(1)},${(26 - 24 * (value - least) / (most - least || 1)).toFixed(1)}`;
  const made = shape("svg", { viewBox: "0 0 100 28", preserveAspectRatio: "none", "aria-hidden": "true" });
  const draw = (values, kind) => stretches(values).forEach((stretch) => made.append(shape("polyline", {
    // a lone point is a line of no length with a round end
    class: kind, points: (stretch.length > 1 ? stretch : [stretch[0], stretch[0]]).map(point).join(" "),
  })));
  draw(before, "before");
  const isRunning = buckets.length > 1 && !buckets[buckets.length - 1].isOver;
  draw(isRunning ? now.map((value, at) => (at === now.length - 1 ? null : value)) : now, "now");
  if (isRunning) draw(now.map((value, at) => (at < now.length - 2 ? null : value)), "running-line");
  return made;
};

const drawCards = (choice) => {
  const { scope, compare } = choice;
  document.getElementById("cards").replaceChildren(...data.cards.map((card) => {
    const report = data.reports[card.report];
    const now = fractionOf(report, choice, card.column);
    const before = compare === "none" ? null : fractionOf(report, choice, card.column, compare);
    const change = changeOf(now, before, card.kind);
    const made = element("div");
    const described = element("dd", "", { class: "change" });
    if (isUncountable(report, choice, card.column)) {
      described.textContent = say("counts persons: choose a fixed period");
    } else if (change !== null) {
      const good = change === 0 || change === "new" ? "" : (change > 0) === card.risesWell ? "good" : "bad";
      const value = written(card.kind, valueOf(before, card.kind), scope);
      described.append(
        element("span", changeName(change, card.kind), { class: good }), ` ${say("from {value}", { value })}`);
    } else if (compare !== "none") {
      described.textContent = say("nothing to compare with");
    }
    made.append(
      element("dt", card.label),
      element("dd", written(card.kind, valueOf(now, card.kind), scope), { class: "value" }),
      described, sparkline(report, card.column, choice));
    return made;
  }));
};
