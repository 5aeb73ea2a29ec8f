// The orders behind a figure, each with its page in Shopify and its deal in HubSpot.
const shortOf = (shop) => shop.replace(/\.myshopify\.com$/, "");
const listing = data.reports.find((report) => report.form === "orders");

// the orders of a scope; those of all stores of a currency are those of each
const ordersOf = (scope) => {
  if (!listing) return [];
  return data.scopes
    .filter((each) => each.shops.length === 1 && each.currency === scope.currency
      && scope.shops.includes(each.shops[0]))
    .flatMap((each) => {
      const of = rowsOf(listing, each) || { labels: [], rows: [] };
      return of.rows.map(([placed, stage, amount, order, deal], at) => ({
        name: of.labels[at][1], shop: of.labels[at][2], placed, stage, amount,
        shopify: `${of.shopify}/${order}`, hubspot: deal === null ? null : `${of.hubspot}/${deal}`,
      }));
    })
    .sort((one, other) => (one.placed < other.placed ? 1 : one.placed > other.placed ? -1 : 0));
};

const linkTo = (url, text) => element("a", text, { href: url, target: "_blank", rel: "noopener" });

const drawOrders = (report, { scope }) => {
  const orders = ordersOf(scope);
  const isOne = scope.shops.length === 1;
  const heads = [report.labels[0], ...(isOne ? [] : [report.labels[1]]), ...report.columns];
  const cells = ({ name, shop, placed, stage, amount }) => [name, ...(isOne ? [] : [shop]), placed, stage, amount];
  const addressed = ["Shopify", "HubSpot"].map((label) => ({ label, kind: "text" }));
  return {
    heads: [...heads, addressed[1]],
    rows: orders.map((order) => {
      const [name, ...others] = cells(order);
      const deal = order.hubspot && { name: say("Open in HubSpot"), url: order.hubspot };
      return [{ name, url: order.shopify }, ...others, deal];
    }),
    scope, sentence: "", note: "",
    csv: {
      heads: [...heads, ...addressed], scope,
      rows: orders.map((order) => [...cells(order), order.shopify, order.hubspot]),
    },
  };
};

// under a chart: the orders that were placed in a bucket
const openOrders = (report, choice, bucket) => {
  const place = part(report, ".orders");
  const before = document.activeElement;
  const orders = ordersOf(choice.scope).filter(({ placed }) =>
    dayOf(placed) >= bucket.starts && dayOf(placed) <= bucket.ends);
  const list = element("ul");
  orders.forEach((order) => {
    const item = element("li");
    const said = [dayName(dayOf(order.placed)), textOf(order.stage), money(order.amount, choice.scope)];
    item.append(linkTo(order.shopify, order.name), ` ${said.join(", ")} `);
    if (order.hubspot) item.append(linkTo(order.hubspot, say("Open in HubSpot")));
    list.append(item);
  });
  const named = say("Orders of {bucket}", { bucket: bucketName(choice.grain, bucket) });
  const heading = element("h3", named, { tabindex: "-1" });
  const close = element("button", say("Close"), { type: "button" });
  close.addEventListener("click", () => {
    place.hidden = true;
    before.focus();
  });
  const told = orders.length
    ? say("The latest orders and the largest of each month are listed here.") : say("No order of these days is listed here.");
  const ways = choice.scope.shops.map((shop) => {
    const days = `created_at:>=${isoOf(bucket.starts)} created_at:<=${isoOf(bucket.ends)}`;
    const url = `https://admin.shopify.com/store/${shortOf(shop)}/orders?query=${encodeURIComponent(days)}`;
    const text = say("All orders of these days in Shopify");
    const way = element("p");
    way.append(linkTo(url, choice.scope.shops.length > 1 ? `${text}: ${shortOf(shop)}` : text));
    return way;
  });
  place.replaceChildren(heading, element("p", told), list, ...ways, close);
  place.hidden = false;
  heading.focus();
};
