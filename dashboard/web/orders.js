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
      const of = data.rows[listing.key][each.key] || { labels: [], rows: [] };
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
  part(report, ".nothing").hidden = orders.length > 0;
  part(report, ".scroll").hidden = orders.length === 0;
  return {
    heads: [
      { label: report.labels[0].label, kind: "text" }, { label: report.labels[1].label, kind: "text" },
      ...report.columns, { label: "HubSpot", kind: "text" },
    ],
    rows: orders.map((order) => [
      { name: order.name, url: order.shopify }, order.shop, order.placed, order.stage, order.amount,
      order.hubspot && { name: say("Open in HubSpot"), url: order.hubspot },
    ]),
    scope, sentence: "", note: "",
  };
};

// under a chart: the orders that were placed in a bucket
const openOrders = (report, choice, bucket) => {
  const place = part(report, ".orders");
  if (!place) return;
  const orders = ordersOf(choice.scope).filter(({ placed }) =>
    dayOf(placed) >= bucket.starts && dayOf(placed) <= bucket.ends);
  const list = element("ul");
  orders.forEach((order) => {
    const item = element("li");
    item.append(
      linkTo(order.shopify, order.name),
      ` ${dayName(dayOf(order.placed))}, ${order.stage}, ${money(order.amount, choice.scope)} `);
    if (order.hubspot) item.append(linkTo(order.hubspot, say("Open in HubSpot")));
    list.append(item);
  });
  const heading = element("h3", say("Orders of {bucket}", { bucket: bucketName(choice.grain, bucket) }), { tabindex: "-1" });
  const close = element("button", say("Close"), { type: "button" });
  close.addEventListener("click", () => { place.hidden = true; });
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
