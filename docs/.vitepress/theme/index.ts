import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { LiveQuickStart } from "./LiveQuickStart.js";
import { MermaidDiagram } from "./MermaidDiagram.js";
import "./style.css";

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component("LiveQuickStart", LiveQuickStart);
    app.component("MermaidDiagram", MermaidDiagram);
  },
} satisfies Theme;
