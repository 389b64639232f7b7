// Colours for source text: enough to read by, no second parser.

import { h } from "./page.js";

const WORDS = new Set(
  ("workspace segment topic cap email sms push in_app slack layout snippet campaign broadcast test edition on only if else enter once every time unless replacing active " +
    "exit when goal within send wait up to until for forever timeout set unset add remove split repeat match at and or not with as where event performed since entry " +
    "per in the last limit holdout").split(" "),
);
const PIECES = /(?<note>#.*)|(?<text>"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"?)|(?<number>\b\d[\d.:-]*%?)|(?<word>[A-Za-z_][\w.]*)/g;

/** One element a line, so that lines can be numbered. */
export function highlighted(source) {
  const lines = [h("span.code-line")];
  const put = (text, name) => {
    text.split("\n").forEach((part, index) => {
      if (index > 0) {
        lines.at(-1).append("\n");
        lines.push(h("span.code-line"));
      }
      if (part) lines.at(-1).append(name ? h(`span.${name}`, {}, part) : part);
    });
  };
  let from = 0;
  for (const found of source.matchAll(PIECES)) {
    put(source.slice(from, found.index), "");
    const { note, text, number } = found.groups;
    const word = WORDS.has(found[0]) ? "code-word" : "";
    put(found[0], note ? "code-note" : text ? "code-text" : number ? "code-number" : word);
    from = found.index + found[0].length;
  }
  put(source.slice(from), "");
  return lines;
}
