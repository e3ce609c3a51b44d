export { default } from "../../../own/offers/[country]/page";
