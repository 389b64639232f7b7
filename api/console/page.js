// Small things for building the page: elements, times, and drawing only what changed.

/** An element: `h("a.quiet", { href: "#/" }, "text", child, …)`; null children are left out. */
export function h(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child != null));
  return element;
}

const drawn = new WeakMap();

/** Draws into `place` only if `state` differs from what it was drawn from: nothing flickers, and
 * what is selected, scrolled or hovered stays as it is. */
export function draw(place, state, build) {
  const seen = JSON.stringify(state);
  if (drawn.get(place) === seen) return;
  drawn.set(place, seen);
  const scrolled = place.scrollTop;
  place.replaceChildren(...[build()].flat());
  place.scrollTop = scrolled;
}

/** What an empty place says. */
export function empty(title, ...more) {
  return h("div.empty", {}, h("strong", {}, title), h("p", {}, ...more));
}

const UNITS = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });
const absolute = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** `5 min. ago`, with the exact moment where the pointer rests. `refreshTimes` keeps it current. */
export function time(moment) {
  if (!moment) return null;
  const date = new Date(moment);
  return h("time", { datetime: date.toISOString(), title: absolute.format(date) }, ago(date));
}

/** Rewrites all relative times that changed. */
export function refreshTimes() {
  for (const element of document.querySelectorAll("time[datetime]")) {
    const text = ago(new Date(element.dateTime));
    if (element.textContent !== text) element.textContent = text;
  }
}

let ahead = 0;

/** Tells what the server takes for now: on a database with sped-up time it runs ahead of ours. */
export function setNow(moment) {
  ahead = new Date(moment).getTime() - Date.now();
}

function ago(date) {
  const distance = date.getTime() - (Date.now() + ahead);
  for (const [unit, length] of UNITS) {
    if (Math.abs(distance) >= length) return relative.format(Math.round(distance / length), unit);
  }
  return Math.abs(distance) < 5_000 ? "now" : relative.format(Math.round(distance / 1_000), "second");
}

/** `1 person`, `1,204 people`. */
export function people(count) {
  return `${count.toLocaleString("en")} ${count === 1 ? "person" : "people"}`;
}
