// What is chosen, kept in the address, so that a link or a reload shows the same.
const controls = document.getElementById("controls");
const field = (name) => controls.elements[name];
const dimensions = [...document.querySelectorAll(".dimension select")];
const usual = Object.fromEntries(["store", "period", "compare"].map((name) => [name, field(name).value]));
let grainIsChosen = false;

// the two days of a custom range, in their order, within what is known
const rangeOf = (scope) => {
  const [first, last] = [scope.firstDay, scope.today].map(dayOf);
  const days = ["from", "to"].map((name, at) => {
    const day = dayOf(field(name).value);
    return Math.min(last, Math.max(first, Number.isFinite(day) ? day : [first, last][at]));
  });
  return { starts: Math.min(...days), ends: Math.max(...days) };
};

const spansOf = (scope, period) => {
  if (period !== "custom") {
    return Object.fromEntries(Object.entries(scope.periods[period]).map(
      ([comparison, [starts, ends]]) => [comparison, { starts: dayOf(starts), ends: dayOf(ends) }]));
  }
  const { starts, ends } = rangeOf(scope);
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
  ["from", "to"].forEach((name) => {
    field(name).min = scope.firstDay;
    field(name).max = scope.today;
  });
  const spans = spansOf(scope, period);
  if (!grainIsChosen) field("grain").value = fittingGrain(spans.none);
  return { scope, period, spans, grain: field("grain").value, compare: field("compare").value };
};

const remember = ({ scope, period, grain, compare }) => {
  const state = new URLSearchParams({ store: scope.key, period, compare });
  if (grainIsChosen) state.set("grain", grain);
  if (period === "custom") ["from", "to"].forEach((name) => state.set(name, field(name).value));
  dimensions.filter((select) => select.selectedIndex > 0)
    .forEach((select) => state.set(select.name, select.value));
  // a page in a frame without an address of its own keeps none
  try { history.replaceState(null, "", `#${state}`); } catch { /* nothing is lost but the link */ }
};

const offers = (select, value) => [...(select.options || [])].some((option) => option.value === value);

// what the address says; as the page opened where it says nothing
const recall = () => {
  const state = new URLSearchParams(location.hash.slice(1));
  Object.entries(usual).forEach(([name, value]) => {
    field(name).value = offers(field(name), state.get(name)) ? state.get(name) : value;
  });
  ["from", "to"].forEach((name) => { field(name).value = state.get(name) || ""; });
  const grain = state.get("grain");
  grainIsChosen = Object.hasOwn(STEPS, grain || "");
  if (grainIsChosen) field("grain").value = grain;
  dimensions.forEach((select) => {
    const value = state.get(select.name);
    select.value = offers(select, value) ? value : select.options[0].value;
  });
};
