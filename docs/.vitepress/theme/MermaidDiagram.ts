import { useData } from "vitepress";
import { defineComponent, h, onMounted, ref, useId, watch } from "vue";

/** A diagram in the colours of the page. Mermaid is large, so only a page that has a diagram loads it. */
export const MermaidDiagram = defineComponent({
  props: { code: { type: String, required: true } },
  setup({ code }) {
    const { isDark } = useData();
    const id = `diagram-${useId()}`;
    const svg = ref("");
    async function draw(): Promise<void> {
      const { default: mermaid } = await import("mermaid");
      mermaid.initialize({ startOnLoad: false, theme: isDark.value ? "dark" : "neutral" });
      svg.value = (await mermaid.render(id, decodeURIComponent(code))).svg;
    }
    onMounted(() => watch(isDark, draw, { immediate: true }));
    return () =>
      h("div", {
        class: "diagram",
        role: "group",
        "aria-label": "Diagram",
        tabindex: 0,
        // As wide as its letters would have it be.
        style: { "--width": /max-width: ([\d.]+px)/.exec(svg.value)?.[1] },
        innerHTML: svg.value,
      });
  },
});
