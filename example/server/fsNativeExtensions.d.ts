declare module "fs-native-extensions" {
  /** Locks the whole file for this process alone; `false` if another has it. Ends as the file is closed. */
  export function tryLock(fd: number): boolean;
}
