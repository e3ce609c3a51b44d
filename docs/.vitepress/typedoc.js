import { Converter, ReflectionKind } from "typedoc";
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
  // An interface is shown with all its members: what it extends says nothing new.
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const each of project.getReflectionsByKind(ReflectionKind.Interface)) {
      for (const { reflection } of each.extendedTypes ?? []) {
        if (reflection?.parent?.name === "inner types") project.removeReflection(reflection);
      }
      delete each.extendedTypes;
    }
  });
  // `TestAuth` shows the members of `Auth`, whose links are meant for the page of that.
  app.converter.addUnknownSymbolResolver(({ symbolReference }) =>
    symbolReference?.path?.[0]?.path === "AuthError" ? "../index.md#api-autherror" : undefined,
  );
}
