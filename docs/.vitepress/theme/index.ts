import { useData, type Theme } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { defineComponent, h, onMounted, watchPostEffect } from "vue";
import { LiveQuickStart } from "./LiveQuickStart.js";
import { MermaidDiagram } from "./MermaidDiagram.js";
import "./style.css";

/** VitePress gives its home page no main landmark. */
const Layout = defineComponent({
  setup() {
    const { frontmatter } = useData();
    onMounted(() => {
      watchPostEffect(() => {
        const isHome = frontmatter.value["layout"] === "home";
        document
          .querySelector("#VPContent")
          ?.setAttribute("role", isHome ? "main" : "presentation");
      });
    });
    return () => h(DefaultTheme.Layout);
  },
});

export default {
  extends: DefaultTheme,
  Layout,
  enhanceApp({ app }) {
    app.component("LiveQuickStart", LiveQuickStart);
    app.component("MermaidDiagram", MermaidDiagram);
  },
} satisfies Theme;
