// The console: which view is open, and asking the API again every two seconds.

import { Trouble, ask, forgetKey, keepKey, takeKey } from "./api.js";
import { WORKSPACE } from "./queries.js";
import { draw, h, refreshTimes, setNow } from "./page.js";
import * as campaigns from "./view-campaigns.js";
import * as deliveries from "./view-deliveries.js";
import * as inbox from "./view-inbox.js";
import * as people from "./view-people.js";

const PERIOD = 2_000;
const TABS = [
  ["inbox", "Inbox"],
  ["campaigns", "Campaigns"],
  ["people", "People"],
  ["deliveries", "Deliveries"],
];
const VIEWS = { mail: inbox.mail, campaigns, people, deliveries };

const place = (id) => document.getElementById(id);
/** Grows when the key changes: what an older key began ends. */
let round = 0;
/** Grows with every refresh: an answer that comes after a newer question is not drawn. */
let turn = 0;

/** `#/people/a%40b` is the view `people` with the choice `a@b`. */
function route() {
  const [, view = "", ...rest] = location.hash.split("/");
  return { view: view || "campaigns", choice: decodeURIComponent(rest.join("/")) };
}

/** Shows the key form, with what was wrong with the last key. */
function showGate(wrong) {
  round += 1;
  place("panes").hidden = true;
  place("trouble").hidden = true;
  place("tabs").replaceChildren();
  place("workspace").textContent = "";
  place("live").className = "live";
  place("live").textContent = "";
  place("gate").hidden = false;
  place("leave").hidden = true;
  place("wrong").hidden = !wrong;
  place("wrong").textContent = wrong ?? "";
  place("key").focus();
}

/** Shows the console and keeps it current until a new round begins. */
async function open() {
  round += 1;
  const mine = round;
  place("gate").hidden = true;
  place("leave").hidden = false;
  place("graphiql").href = `/graphql#key=${encodeURIComponent(takeKey())}`;
  while (mine === round) {
    if (!document.hidden) await refresh(mine);
    await new Promise((resume) => setTimeout(resume, PERIOD));
  }
}

/** One round of questions; what fails is said, what is shown stays. */
async function refresh(mine = round) {
  turn += 1;
  const now = turn;
  const current = () => mine === round && now === turn;
  const { view, choice } = route();
  const shown = view === "inbox" ? null : (VIEWS[view] ?? campaigns);
  try {
    const { workspace } = await ask(WORKSPACE);
    setNow(workspace.now);
    if (!current()) return;
    drawFrame(workspace, view);
    const list = inbox.refresh(place("inbox-list"), place("inbox-number"), view, choice, current);
    const show = () => shown?.refresh(place("view"), choice, current);
    // A mail is one of the list.
    await Promise.all([list, view === "mail" ? list.then(show) : show()]);
    if (current()) showTrouble(null);
  } catch (problem) {
    if (current()) showTrouble(problem);
  }
  refreshTimes();
}

function drawFrame(workspace, view) {
  place("panes").hidden = false;
  place("panes").dataset.view = view;
  draw(place("workspace"), [workspace.name, workspace.version], () => [
    workspace.name,
    h("small", {}, workspace.version == null ? "" : ` version ${workspace.version}`),
  ]);
  draw(place("tabs"), view, () =>
    TABS.map(([name, label]) => {
      const here = name === view || (name === "inbox" && view === "mail");
      return h(`a.tab.tab-${name}`, { href: `#/${name}`, "aria-current": here && "page" }, label);
    }),
  );
}

function showTrouble(problem) {
  const live = place("live");
  live.className = problem ? "live off" : "live on";
  live.textContent = problem ? "Not current" : "Live";
  place("trouble").hidden = !problem;
  if (!problem) return;
  const known = problem instanceof Trouble;
  if (known && problem.refused && place("panes").hidden) {
    forgetKey();
    showGate(problem.message);
    return;
  }
  if (!known) console.error(problem);
  place("trouble").textContent = known ? problem.message : `This page failed: ${problem.message}`;
}

place("gate").addEventListener("submit", (event) => {
  event.preventDefault();
  keepKey(place("key").value.trim());
  place("key").value = "";
  open();
});
place("leave").addEventListener("click", () => {
  forgetKey();
  location.reload();
});
addEventListener("hashchange", () => {
  if (location.hash.startsWith("#key=")) {
    takeKey();
    open();
  } else if (place("gate").hidden) {
    refresh();
  }
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && place("gate").hidden) refresh();
});

if (takeKey()) open();
else showGate(null);
