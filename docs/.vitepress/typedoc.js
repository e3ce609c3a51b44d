import { MarkdownTheme, MarkdownThemeContext } from "typedoc-plugin-markdown";

class Context extends MarkdownThemeContext {
  // A member reads the same wherever it is declared.
  partials = { ...this.partials, inheritance: () => "" };
}

class Theme extends MarkdownTheme {
  getRenderContext(page) {
    return new Context(this, page, this.application.options);
  }
}

/** @param {import("typedoc-plugin-markdown").MarkdownApplication} app */
export function load(app) {
  app.renderer.defineTheme("site", Theme);
  // `TestAuth` shows the members of `Auth`, whose links are meant for the page of that.
  app.converter.addUnknownSymbolResolver(({ symbolReference }) =>
    symbolReference?.path?.[0]?.path === "AuthError" ? "../index.md#api-autherror" : undefined,
  );
}
