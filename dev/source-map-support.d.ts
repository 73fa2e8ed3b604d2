/** The part of it that the loader uses: it has no types of its own. */
declare module "source-map-support" {
  export function install(options: {
    environment: "node";
    handleUncaughtExceptions: boolean;
    /** Asked before the disk. */
    retrieveFile?(file: string): string | null;
  }): void;
}
