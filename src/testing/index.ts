/**
 * Components run with the real library on a scripted platform.
 *
 * @module react-authed-query/testing
 */
export { createTestAuth } from "./createTestAuth.js";
export { TestAuthProvider, type TestAuthProviderProps } from "./TestAuthProvider.js";
export { reply, type TestAnswer, type TestReply, type TestRequest } from "./answers.js";
export type { TestAuth, TestControls } from "./testAuth.js";
export type { TestAuthOptions } from "./testOptions.js";
