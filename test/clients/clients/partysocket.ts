import { WebSocket } from "partysocket";
import { auth, baseURL } from "./auth";

let forceRefresh = false;
export const socket = new WebSocket(`${baseURL.replace("http", "ws")}/live`, async () => {
  const token = await auth.getAccessToken({ forceRefresh });
  forceRefresh = false;
  if (token === null) socket.close();
  return ["orders", token ?? "nobody"];
});
socket.addEventListener("close", ({ code }) => {
  forceRefresh = code === 4401;
});
auth.onLogout(() => socket.close());
