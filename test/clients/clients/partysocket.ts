import { WebSocket } from "partysocket";
import { auth, baseURL } from "./auth";

let forceRefresh = false;
export const socket = new WebSocket(`${baseURL.replace("http", "ws")}/live`, async () => {
  const token = await auth.getAccessToken({ forceRefresh });
  forceRefresh = false;
  if (token === null) socket.close();
  return ["app", token ?? "nobody"];
});
socket.addEventListener("close", ({ code }) => {
  if (code === 4401) forceRefresh = true;
});
auth.onLogout(() => socket.close());
