// What is chosen, kept in the address, so that a link or a reload shows the same.
const controls = document.getElementById("controls");
const field = (name) => controls.elements[name];
let grainIsChosen = false;

const spansOf = (scope, period) => {
  if (period !== "custom") {
    return Object.fromEntries(Object.entries(scope.periods[period] || {}).map(
      ([comparison, [starts, ends]]) => [comparison, { starts: dayOf(starts), ends: dayOf(ends) }]));
  }
  const [from, to] = [field("from").value, field("to").value].map(dayOf);
  const last = dayOf(scope.today);
  const starts = Number.isFinite(from) ? from : last;
  const ends = Math.max(starts, Number.isFinite(to) ? to : last);
  const days = ends - starts + 1;
  const spans = {
    none: { starts, ends },
    previous_period: { starts: starts - days, ends: ends - days },
    previous_year: { starts: monthsLater(starts, -12), ends: monthsLater(ends, -12) },
  };
  const isKnownAt = ([name, span]) => name === "none" || span.starts >= dayOf(scope.firstDay);
  return Object.fromEntries(Object.entries(spans).filter(isKnownAt));
};

const chosen = () => {
  const scope = data.scopes.find((each) => each.key === field("store").value) || data.scopes[0];
  const period = field("period").value;
  const spans = spansOf(scope, period);
  const fitting = fittingGrain(spans.none);
  if (!grainIsChosen) field("grain").value = fitting;
  return { scope, period, spans, grain: field("grain").value, compare: field("compare").value };
};

const remember = ({ scope, period, grain, compare }) => {
  const state = new URLSearchParams({ store: scope.key, period, compare });
  if (grainIsChosen) state.set("grain", grain);
  if (period === "custom") {
    state.set("from", field("from").value);
    state.set("to", field("to").value);
  }
  // a page in a frame without an address of its own keeps none
  try { history.replaceState(null, "", `#${state}`); } catch { /* nothing is lost but the link */ }
};

const recall = () => {
  const state = new URLSearchParams(location.hash.slice(1));
  state.forEach((value, name) => {
    const at = field(name);
    if (!at) return;
    const known = at instanceof RadioNodeList || at.type === "date"
      || [...(at.options || [])].some((option) => option.value === value);
    if (!known) return;
    at.value = value;
    if (name === "grain") grainIsChosen = at.value === value;
  });
};
