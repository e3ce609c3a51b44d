import { auth, baseURL } from "./auth";
import { client } from "./generated/heyApi/client.gen";

client.setConfig({ baseUrl: baseURL, fetch: auth.fetch });
