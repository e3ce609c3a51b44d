export { default } from "../own/page";
