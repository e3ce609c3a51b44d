import { withBase } from "vitepress";
import { defineComponent, h } from "vue";

/** The page of `example/live`, in a frame: its service worker answers for that page alone. */
export const LiveQuickStart = defineComponent({
  setup: () => () =>
    h("iframe", { class: "live", src: withBase("/live-app/index.html"), title: "The quick start" }),
});
