import { expect, test } from "vitest";
import { pageAt } from "./markdown.js";
import { sentences } from "./sentences.js";

/** Without what Markdown needs and a console does not show. */
const plain = (text: string) => text.replaceAll(/[\\`]/g, "").trim();

const page = plain(pageAt("docs/troubleshooting.md"));

test("the page has every sentence that the source says to a developer", () => {
  const missing = sentences.flatMap(({ file, pieces }) =>
    pieces.filter((piece) => !page.includes(plain(piece))).map((piece) => [file, piece]),
  );
  expect(missing).toEqual([]);
  expect(sentences.length).toBeGreaterThan(100);
});

test("the page quotes no sentence that the source does not say", () => {
  const quotes = Array.from(page.matchAll(/^> (.*)$/gm), ([, quote = ""]) => quote);
  const isSaid = (quote: string) =>
    sentences.some(({ pieces }) => pieces.every((piece) => quote.includes(plain(piece))));
  expect(quotes.filter((quote) => !isSaid(quote))).toEqual([]);
  expect(quotes.length).toBeGreaterThan(60);
});
