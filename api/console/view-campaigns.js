// Campaigns: the graph with the people at each step, and the source text.

import { ask, nodes } from "./api.js";
import { CAMPAIGNS, GRAPHS } from "./queries.js";
import { draw, empty, h, people } from "./page.js";
import { highlighted } from "./highlight.js";

const MOST = 100;
const LEAST_SCALE = 0.55;
/** Graph and source of each campaign, and the state they were fetched in. */
const graphs = new Map();
const looks = { tab: "graph", whole: false };

export async function refresh(view, choice, current = () => true) {
  const { campaigns } = await ask(CAMPAIGNS, { first: MOST });
  if (!current()) return;
  const all = nodes(campaigns);
  const open = all.find((campaign) => campaign.id === choice) ?? all[0];
  if (!open) {
    draw(view, "no campaigns", () =>
      empty("No campaign yet", "Write a ", h("code", {}, ".journey"), " file and deploy it: ", h("code", {}, "sojourn deploy campaigns/")),
    );
    return;
  }
  const { version, peopleInside, stepCounts } = open;
  const state = JSON.stringify({ version, peopleInside, stepCounts });
  if (graphs.get(open.id)?.state !== state) {
    const fetched = await ask(GRAPHS, { first: MOST });
    for (const { id, source, graph } of nodes(fetched.campaigns)) {
      const of = all.find((campaign) => campaign.id === id) ?? {};
      const { version, peopleInside, stepCounts } = of;
      graphs.set(id, { state: JSON.stringify({ version, peopleInside, stepCounts }), source, graph });
    }
  }
  if (!current()) return;
  const again = () => refresh(view, choice);
  const shown = graphs.get(open.id) ?? {};
  const slides = view.querySelector(".sheet");
  const scroll = slides?.dataset.of === open.id ? [slides.scrollLeft, slides.scrollTop] : [0, 0];
  draw(view, { view: "campaigns", all, open: open.id, shown, looks }, () => [
    list(all, open),
    h("div.page", {}, top(open), picks(open, shown, again), sheet(open, shown)),
  ]);
  const now = view.querySelector(".sheet");
  if (now && now !== slides) [now.scrollLeft, now.scrollTop] = scroll;
}

function list(all, open) {
  return h(
    "nav.names",
    { "aria-label": "Campaigns" },
    all.map((campaign) =>
      h(
        "a.name",
        { href: `#/campaigns/${encodeURIComponent(campaign.id)}`, "aria-current": campaign === open && "true" },
        h("span", {}, campaign.name),
        h("small", {}, people(campaign.peopleInside ?? 0)),
      ),
    ),
  );
}

function top(open) {
  const state = String(open.state ?? "").toLowerCase();
  return h(
    "header.head",
    {},
    h("h2", {}, open.name, " ", h(`span.state.state-${state}`, {}, state)),
    h("p.facts", {}, h("span", {}, `${people(open.peopleInside ?? 0)} inside`), open.version == null ? null : h("span", {}, `version ${open.version}`)),
  );
}

function picks(open, shown, again) {
  const choose = (tab, label) =>
    h(
      "button",
      {
        type: "button",
        "aria-pressed": String(looks.tab === tab),
        onclick: () => {
          looks.tab = tab;
          again();
        },
      },
      label,
    );
  const whole = h("label.check", {}, h("input", {
    type: "checkbox",
    checked: looks.whole,
    onchange: (event) => {
      looks.whole = event.target.checked;
      again();
    },
  }), "Whole graph");
  const file = new Blob([shown.graph ?? ""], { type: "image/svg+xml" });
  const save = h("button.quiet", {
    type: "button",
    onclick: () => {
      const address = URL.createObjectURL(file);
      h("a", { href: address, download: `${open.name}.svg` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 1_000);
    },
  }, "Save as SVG");
  return h(
    "div.picks",
    {},
    h("div.choice", { role: "group", "aria-label": "Form" }, choose("graph", "Graph"), choose("source", "Source")),
    ...(looks.tab === "graph" ? [whole, save] : []),
  );
}

function sheet(open, shown) {
  if (looks.tab === "source") {
    return h("pre.sheet.source", { "data-of": open.id }, highlighted(shown.source ?? ""));
  }
  const picture = new DOMParser().parseFromString(shown.graph ?? "", "image/svg+xml").documentElement;
  const graph = picture.localName === "svg" ? document.importNode(picture, true) : null;
  if (graph && !looks.whole) {
    // As large as the page allows, but never too small to read.
    graph.style.minWidth = `${Number(graph.getAttribute("width")) * LEAST_SCALE}px`;
  }
  return h(
    `div.sheet.graph${looks.whole ? ".whole" : ""}`,
    { "data-of": open.id },
    graph ?? empty("No graph", "The server gave none for this campaign."),
  );
}
