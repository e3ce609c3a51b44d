import type { MarkdownRenderer } from "vitepress";

/** Draws a block of `mermaid`, which GitHub draws by itself. */
export function drawMermaid(markdown: MarkdownRenderer): void {
  const { fence } = markdown.renderer.rules;
  markdown.renderer.rules.fence = (tokens, index, ...rest) => {
    const { info, content } = tokens[index] ?? {};
    if (info !== "mermaid") return fence?.(tokens, index, ...rest) ?? "";
    return `<MermaidDiagram code="${encodeURIComponent(content ?? "")}" />`;
  };
}
