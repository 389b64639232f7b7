// The way to the API: the key, requests, and what can go wrong with them in words.

const KEY = "sojourn.key";

/** A request that brought no data; `refused` where another key could help. */
export class Trouble extends Error {
  constructor(message, { refused = false, lost = false } = {}) {
    super(message);
    this.refused = refused;
    this.lost = lost;
  }
}

/** The key of this tab: from the address's fragment `#key=…`, else from before; else "". */
export function takeKey() {
  const given = /^#key=([^&]+)/.exec(location.hash);
  if (given) {
    keepKey(decodeURIComponent(given[1]));
    // The key shall not stay in the address bar or in the history.
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(KEY) ?? "";
}

export function keepKey(key) {
  sessionStorage.setItem(KEY, key);
}

export function forgetKey() {
  sessionStorage.removeItem(KEY);
}

/** The `data` of a query, or a Trouble. */
export async function ask(query, variables = {}) {
  const answer = await send(query, variables);
  if (answer.status === 401) {
    throw new Trouble("This key is not known here.", { refused: true });
  }
  const body = await answer.json().catch(() => null);
  if (answer.status === 403) {
    throw new Trouble(words(body) ?? "This key may not read this.", { refused: true });
  }
  const codes = (body?.errors ?? []).map((error) => error.extensions?.code);
  if (codes.includes("UNAUTHENTICATED")) {
    throw new Trouble("This key is not known here.", { refused: true });
  }
  if (!body?.data || body.errors?.length) {
    const what = words(body) ?? `The server answered ${answer.status}.`;
    throw new Trouble(what, { refused: codes.includes("FORBIDDEN") });
  }
  return body.data;
}

async function send(query, variables) {
  try {
    return await fetch("/graphql", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${sessionStorage.getItem(KEY) ?? ""}`,
      },
      body: JSON.stringify({ query, variables }),
    });
  } catch {
    throw new Trouble("The server cannot be reached; trying again.", { lost: true });
  }
}

function words(body) {
  const messages = (body?.errors ?? []).map((error) => error.message);
  return messages.length ? messages.join(" · ") : (body?.detail ?? null);
}

/** The nodes of a connection. */
export function nodes(connection) {
  return (connection?.edges ?? []).map((edge) => edge.node);
}
