// GraphiQL on this server's API, with the key that the console uses in the same tab.

import { keepKey, takeKey } from "/console/api.js";

const field = document.getElementById("key");
const said = document.getElementById("said");
const EXAMPLE = `# Press Ctrl+Enter to run; Ctrl+Space completes.
{
  workspace { name version }
}
`;

field.value = takeKey();

async function fetcher(params, options = {}) {
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(takeKey() ? { authorization: `Bearer ${takeKey()}` } : {}),
      ...options.headers,
    },
    body: JSON.stringify(params),
  });
  said.textContent = answer.status === 401 ? "this key is not known here" : "";
  return answer.json();
}

const root = ReactDOM.createRoot(document.getElementById("graphiql"));
let round = 0;

/** A new element each time, so that the schema is read again with the new key. */
function show() {
  root.render(React.createElement(GraphiQL, { key: round, fetcher, defaultQuery: EXAMPLE }));
}

document.getElementById("bar").addEventListener("submit", (event) => {
  event.preventDefault();
  keepKey(field.value.trim());
  round += 1;
  show();
});
show();
