import type { Dialect } from "../support/dialect.js";
import { aspnetIdentity } from "./aspnetIdentity.js";
import { betterAuth } from "./betterAuth.js";
import { deviseJwt } from "./deviseJwt.js";
import { deviseTokenAuth } from "./deviseTokenAuth.js";
import { directus } from "./directus.js";
import { djRestAuth } from "./djRestAuth.js";
import { djoser } from "./djoser.js";
import { essencium } from "./essencium.js";
import { expressCourse } from "./expressCourse.js";
import { fastapiBoilerplate } from "./fastapiBoilerplate.js";
import { fastapiTemplate } from "./fastapiTemplate.js";
import { fastapiTutorial } from "./fastapiTutorial.js";
import { fastify } from "./fastify.js";
import { flaskJwtExtended } from "./flaskJwtExtended.js";
import { guardedLogout } from "./guardedLogout.js";
import { hasura } from "./hasura.js";
import { jwtSessions } from "./jwtSessions.js";
import { laravelJwtAuth } from "./laravelJwtAuth.js";
import { medusa } from "./medusa.js";
import { namesNobody } from "./namesNobody.js";
import { nestjsBoilerplate } from "./nestjsBoilerplate.js";
import { nestjsDocs } from "./nestjsDocs.js";
import { auth0, cognito, keycloak } from "./oidcProviders.js";
import { payload } from "./payload.js";
import { pocketbase } from "./pocketbase.js";
import { sanctumTokens } from "./sanctumTokens.js";
import { simpleJwt } from "./simpleJwt.js";
import { simpleJwtSliding } from "./simpleJwtSliding.js";
import { springAlibou } from "./springAlibou.js";
import { springBezkoder } from "./springBezkoder.js";
import { strapi } from "./strapi.js";
import { supabase } from "./supabase.js";

export const dialects: readonly Dialect[] = [
  aspnetIdentity,
  auth0,
  betterAuth,
  cognito,
  deviseJwt,
  deviseTokenAuth,
  directus,
  djoser,
  djRestAuth,
  essencium,
  expressCourse,
  fastapiBoilerplate,
  fastapiTemplate,
  fastapiTutorial,
  fastify,
  flaskJwtExtended,
  guardedLogout,
  hasura,
  jwtSessions,
  keycloak,
  laravelJwtAuth,
  medusa,
  namesNobody,
  nestjsBoilerplate,
  nestjsDocs,
  payload,
  pocketbase,
  sanctumTokens,
  simpleJwt,
  simpleJwtSliding,
  springAlibou,
  springBezkoder,
  strapi,
  supabase,
];
