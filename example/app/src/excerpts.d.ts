declare module "*&excerpt" {
  import type { Excerpt } from "../excerpts.js";
  const excerpt: Excerpt;
  export default excerpt;
}
