import { useData, type Theme } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { onMounted, watchPostEffect } from "vue";
import { LiveQuickStart } from "./LiveQuickStart.js";
import { MermaidDiagram } from "./MermaidDiagram.js";
import "./style.css";

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component("LiveQuickStart", LiveQuickStart);
    app.component("MermaidDiagram", MermaidDiagram);
  },
  setup() {
    const { frontmatter } = useData();
    // VitePress gives its home page no main landmark.
    onMounted(() => {
      watchPostEffect(() => {
        const isHome = frontmatter.value["layout"] === "home";
        document
          .querySelector("#VPContent")
          ?.setAttribute("role", isHome ? "main" : "presentation");
      });
    });
  },
} satisfies Theme;
