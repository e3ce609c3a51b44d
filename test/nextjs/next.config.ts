import type { NextConfig } from "next";

const config: NextConfig = {
  // Nothing from the repository around this app is found, be it a lock file or a second React.
  turbopack: { root: import.meta.dirname },
  // It is built once. To keep what a second build could use takes as long as the build itself.
  experimental: { turbopackFileSystemCacheForBuild: false },
  // The test checks the types, with the compiler of the repository.
  typescript: { ignoreBuildErrors: true },
};

export default config;
