// The inbox: every mail as its reader would see it.

import { ask, nodes } from "./api.js";
import { INBOX, MAILS } from "./queries.js";
import { draw, empty, h, time } from "./page.js";

const PAGE = 50;
/** What a mail may load once its pictures are asked for, and before. */
const WITH_PICTURES = "default-src 'none'; style-src 'unsafe-inline'; img-src * data:; font-src data:";
const WITHOUT_PICTURES = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:";

/** Heads of mails, newest first; `after` is the cursor of the page on which each was found. */
const heads = new Map();
/** Bodies never change and are asked for once. */
const bodies = new Map();
let oldest = null;
let order = [];
const looks = { tab: "html", pictures: false };

export async function refresh(list, number, view, choice, current = () => true) {
  const { inbox } = await ask(INBOX, { first: PAGE });
  if (!current()) return;
  const first = take(inbox, null);
  const known = new Set(first);
  order = [...first, ...order.filter((id) => !known.has(id))];
  oldest ??= { ...inbox.pageInfo };
  const open = view === "mail" ? choice : "";
  const mails = order.map((id) => heads.get(id));
  number.textContent = mails.length ? `${mails.length}${oldest.hasNextPage ? "+" : ""}` : "";
  draw(list, { mails, open, more: oldest.hasNextPage }, () => {
    if (!mails.length) {
      return empty("No mail yet", "Deploy a campaign and send an event; what people get shows up here.");
    }
    const more = h("button.quiet.more", { type: "button", onclick: () => older(list, number, view, choice) }, "Older mail");
    return [...mails.map((mail) => row(mail, open)), oldest.hasNextPage ? more : null].filter(Boolean);
  });
}

function take(connection, after) {
  return nodes(connection).map((mail) => {
    if (!heads.has(mail.id)) heads.set(mail.id, { ...mail, after });
    return mail.id;
  });
}

async function older(list, number, view, choice) {
  const after = oldest.endCursor;
  const { inbox } = await ask(INBOX, { first: PAGE, after });
  const known = new Set(order);
  order.push(...take(inbox, after).filter((id) => !known.has(id)));
  oldest = { ...inbox.pageInfo };
  await refresh(list, number, view, choice);
}

function row(mail, open) {
  const here = mail.id === open;
  return h(
    "a.row",
    { href: `#/mail/${encodeURIComponent(mail.id)}`, "aria-current": here && "true" },
    h("span.line", {}, h("strong", {}, mail.to), time(mail.sentAt)),
    h("span.subject", {}, mail.subject || "(no subject)"),
    mail.campaign ? h("span.tag", {}, mail.campaign.name) : null,
  );
}

/** The view of one mail. */
export const mail = {
  async refresh(view, id, current = () => true) {
    const head = heads.get(id);
    if (!bodies.has(id)) {
      const { inbox } = await ask(MAILS, { first: PAGE, after: head?.after });
      for (const body of nodes(inbox)) bodies.set(body.id, body);
    }
    if (!current()) return;
    const body = bodies.get(id);
    const again = () => mail.refresh(view, id);
    draw(view, { view: "mail", head, body, looks }, () =>
      head && body
        ? [top(head), pick(again), content(head, body)]
        : empty("This mail is not in the inbox", "It may be older than what was loaded."),
    );
  },
};

function top(head) {
  return h(
    "header.head",
    {},
    h("h2", {}, head.subject || "(no subject)"),
    h(
      "p.facts",
      {},
      h("span", {}, "To ", h("a", { href: `#/people/${encodeURIComponent(head.to)}` }, head.to)),
      h("span", {}, time(head.sentAt)),
      head.campaign ? h("span", {}, "from ", h("a", { href: `#/campaigns/${encodeURIComponent(head.campaign.id)}` }, head.campaign.name)) : null,
    ),
  );
}

function pick(again) {
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
  const pictures = h("label.check", {}, h("input", {
    type: "checkbox",
    checked: looks.pictures,
    onchange: (event) => {
      looks.pictures = event.target.checked;
      again();
    },
  }), "Load pictures");
  return h(
    "div.picks",
    {},
    h("div.choice", { role: "group", "aria-label": "Part of the mail" }, choose("html", "As seen"), choose("text", "Plain text")),
    looks.tab === "html" ? pictures : null,
  );
}

function content(head, body) {
  if (looks.tab === "text" || !body.html) {
    return h("pre.plain", {}, body.text || "This mail has no plain part.");
  }
  const policy = looks.pictures ? WITH_PICTURES : WITHOUT_PICTURES;
  // The policy stands before anything the mail brings; a later head is merged into this one.
  const html = body.html.replace(/^\s*<!doctype[^>]*>/i, "");
  const page = `<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><base target="_blank">${html}`;
  return h("iframe.letter", {
    title: head.subject || "Mail",
    sandbox: "allow-popups allow-popups-to-escape-sandbox",
    referrerpolicy: "no-referrer",
    srcdoc: page,
  });
}
