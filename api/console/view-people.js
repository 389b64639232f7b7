// People: who they are, where they stand and how they came there.

import { ask, nodes } from "./api.js";
import { PEOPLE } from "./queries.js";
import { draw, empty, h, time } from "./page.js";

const MOST = 50;
const OVER = new Set(["FINISHED", "EXITED", "ENDED", "FAILED", "CANCELLED"]);
/** Journeys whose history was folded or unfolded by hand. */
const unfolded = new Set();

export async function refresh(view, choice, current) {
  frame(view, choice);
  const search = view.querySelector("#search").value.trim();
  const look = async (search) => nodes((await ask(PEOPLE, { first: MOST, search })).people);
  let found = await look(search || null);
  if (!search && choice && !found.some((person) => is(person, choice))) {
    // Chosen elsewhere, and not among the first.
    found = [...(await look(choice)), ...found];
  }
  const [names, page] = [view.querySelector(".names-list"), view.querySelector(".page")];
  if (!current()) return;
  const open = found.find((person) => is(person, choice)) ?? found[0];
  draw(names, { found, open: open?.id }, () =>
    found.length ? found.map((person) => name(person, open)) : [h("p.none", {}, search ? "Nobody by that name." : "")],
  );
  draw(page, { open, search }, () => {
    if (open) return portrait(open);
    return search
      ? empty("Nobody found", "Nobody has “", search, "” as id or email.")
      : empty("No people yet", "They appear with the first event or identify call that a client sends.");
  });
}

function is(person, choice) {
  return person.id === choice || person.identifiers.some(({ value }) => value === choice);
}

/** The search field outlives all refreshing: only what is found is drawn anew. */
function frame(view, choice) {
  draw(view, { view: "people", choice: choice.includes("@") ? choice : "" }, () => {
    const search = h("input", {
      id: "search",
      type: "search",
      placeholder: "Search by id or email",
      "aria-label": "Search by id or email",
      autocomplete: "off",
      spellcheck: "false",
      value: choice.includes("@") ? choice : "",
      oninput: () => {
        clearTimeout(frame.soon);
        frame.soon = setTimeout(() => dispatchEvent(new Event("hashchange")), 150);
      },
    });
    return [h("nav.names", { "aria-label": "People" }, search, h("div.names-list", {})), h("div.page", {})];
  });
}

function called(person) {
  const by = (kind) => person.identifiers.find((identifier) => String(identifier.kind).toLowerCase() === kind)?.value;
  return by("email") ?? by("id") ?? person.identifiers[0]?.value ?? person.id;
}

function name(person, open) {
  const live = nodes(person.journeys).filter(isLive).length;
  return h(
    "a.name",
    { href: `#/people/${encodeURIComponent(person.id)}`, "aria-current": person === open && "true" },
    h("span", {}, called(person)),
    h("small", {}, live === 0 ? "in no journey" : live === 1 ? "in 1 journey" : `in ${live} journeys`),
  );
}

function isLive(journey) {
  return journey.place != null && !OVER.has(String(journey.state).toUpperCase());
}

function portrait(person) {
  const attributes = Object.entries(person.attributes ?? {});
  const journeys = nodes(person.journeys);
  return [
    h(
      "header.head",
      {},
      h("h2", {}, called(person)),
      h(
        "p.facts",
        {},
        person.identifiers.map(({ kind, value }) => h("span", {}, `${String(kind).toLowerCase()} `, h("code", {}, value))),
        h("span", {}, "known since ", time(person.createdAt)),
      ),
    ),
    h("h3", {}, "Journeys"),
    journeys.length ? h("div.stories", {}, journeys.map(story)) : h("p.none", {}, "Has entered no campaign so far."),
    h("h3", {}, "Attributes"),
    attributes.length
      ? h("table.attributes", {}, h("tbody", {}, attributes.map(([key, value]) => h("tr", {}, h("th", { scope: "row" }, key), h("td", {}, h("code", {}, shown(value)))))))
      : h("p.none", {}, "No attributes."),
  ];
}

function shown(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function story(journey) {
  const state = String(journey.state).toLowerCase();
  const live = isLive(journey);
  return h(
    "details.story",
    {
      open: live !== unfolded.has(journey.id),
      ontoggle: (event) => (event.target.open === live ? unfolded.delete(journey.id) : unfolded.add(journey.id)),
    },
    h(
      "summary",
      {},
      h("strong", {}, journey.campaign?.name ?? "Campaign"),
      h(`span.state.state-${state}`, {}, state),
      h("span.where", {}, live && journey.place ? `at ${journey.place.title}, ` : "", "since ", time(journey.since)),
    ),
    h("ol.history", {}, (journey.history ?? []).map(line), live && journey.place ? h("li.here", {}, h("span.what", {}, journey.place.title), h("span.why", {}, "is here")) : null),
  );
}

function line(entry) {
  return h(
    "li",
    {},
    h("span.what", {}, entry.title ?? entry.step),
    h("span.why", {}, [entry.outcome && String(entry.outcome).toLowerCase().replaceAll("_", " "), why(entry.deciding)].filter(Boolean).join(" · ")),
    time(entry.at),
  );
}

/** What decided: text as it is, an object as `name: value`. */
function why(deciding) {
  if (deciding == null || deciding === "") return "";
  if (typeof deciding !== "object") return String(deciding);
  return Object.entries(deciding).map(([key, value]) => `${key}: ${shown(value)}`).join(", ");
}
