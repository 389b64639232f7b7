// Deliveries: what became of every message, and why where it was not sent.

import { ask, nodes } from "./api.js";
import { DELIVERIES } from "./queries.js";
import { draw, empty, h, time } from "./page.js";

const MOST = 100;

export async function refresh(view, _choice, current) {
  const all = nodes((await ask(DELIVERIES, { first: MOST })).deliveries);
  if (!current()) return;
  draw(view, { view: "deliveries", all }, () =>
    h(
      "div.page.wide",
      {},
      h("header.head", {}, h("h2", {}, "Deliveries")),
      all.length ? table(all) : empty("Nothing was sent yet", "Every message of a campaign shows up here, also those that were skipped, with the reason."),
    ),
  );
}

function table(all) {
  const heads = ["Message", "To", "Campaign", "State", "When"];
  return h(
    "table.deliveries",
    {},
    h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, all.map(row)),
  );
}

function row(delivery) {
  const state = String(delivery.state).toLowerCase();
  const person = delivery.person;
  const email = person?.identifiers?.find((identifier) => String(identifier.kind).toLowerCase() === "email");
  const who = email?.value ?? person?.identifiers?.[0]?.value ?? "";
  return h(
    "tr",
    {},
    h("td", {}, delivery.message ?? ""),
    h("td", {}, who ? h("a", { href: `#/people/${encodeURIComponent(email?.value ?? person.id)}` }, who) : ""),
    h("td", {}, delivery.campaign?.name ?? ""),
    h("td", {}, h(`span.state.state-${state}`, {}, state), delivery.reason ? h("span.reason", {}, delivery.reason) : null),
    h("td", {}, time(delivery.createdAt)),
  );
}
