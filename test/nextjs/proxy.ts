import { NextResponse, type NextRequest } from "next/server";

export const config = { matcher: "/api/:path*" };

/** The backend, as the browser sees it: under this app's own origin, so that its cookie is ours. */
export function proxy({ nextUrl }: NextRequest): NextResponse {
  const path = nextUrl.pathname.slice("/api".length) + nextUrl.search;
  return NextResponse.rewrite(new URL(path, process.env["BACKEND_URL"]));
}
