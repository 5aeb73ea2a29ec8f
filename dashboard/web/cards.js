// The first figures of the page: value, change, and a line of both periods.
const SVG = "http://www.w3.org/2000/svg";

const element = (name, text = "", attributes = {}) => {
  const made = document.createElement(name);
  made.textContent = text;
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
};

const line = (values, most, length, kind) => {
  const made = document.createElementNS(SVG, "polyline");
  const across = Math.max(1, length - 1);
  made.setAttribute("class", kind);
  made.setAttribute("points", values.map((value, at) =>
    `${(100 * at / across).toFixed(1)},${(27 - 25 * Math.max(0, value || 0) / most).toFixed(1)}`).join(" "));
  return made;
};

const sparkline = (report, column, choice) => {
  const grain = fittingGrain(choice.spans.none) === "day" ? "day" : choice.grain;
  const [now, before] = ["none", choice.compare].map((name) => {
    const span = choice.spans[name];
    if (!span || (name !== "none" && !isKnown(report, choice.scope, span))) return [];
    return series(report, choice.scope, grain, column, bucketsOf(choice.scope, grain, span));
  });
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("viewBox", "0 0 100 28");
  made.setAttribute("preserveAspectRatio", "none");
  made.setAttribute("aria-hidden", "true");
  const most = Math.max(...now, ...before, 0) || 1;
  const length = Math.max(now.length, before.length);
  if (choice.compare !== "none") made.append(line(before, most, length, "before"));
  made.append(line(now, most, length, "now"));
  return made;
};

const drawCards = (choice) => {
  document.getElementById("cards").replaceChildren(...data.cards.map((card) => {
    const report = data.reports[card.report];
    const now = fractionOf(report, choice, card.column);
    const before = choice.compare === "none" ? null : fractionOf(report, choice, card.column, choice.compare);
    const change = changeOf(now, before, card.kind);
    const isSaid = choice.compare !== "none" && change !== null;
    const good = change === 0 || change === "new" ? "" : (change > 0) === card.risesWell ? "good" : "bad";
    const value = now && (card.kind === "money" ? Math.round(now[0] / now[1]) : now[0] / now[1]);
    const made = element("div");
    const described = element("dd", "", { class: "change" });
    if (isSaid) {
      const compared = before[0] / before[1];
      described.append(
        element("span", changeName(change, card.kind), { class: good }),
        ` ${say("from {value}", { value: written(card.kind, compared, choice.scope) })}`);
    } else {
      described.textContent = choice.compare === "none" ? "" : say("nothing to compare with");
    }
    made.append(
      element("dt", card.label),
      element("dd", written(card.kind, value, choice.scope), { class: "value" }),
      described, sparkline(report, card.column, choice));
    if (now === null && choice.period === "custom") {
      made.append(element("dd", say("counts persons: choose a fixed period"), { class: "why" }));
    }
    return made;
  }));
};
