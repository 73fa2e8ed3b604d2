import { isCheckout } from "./project-root";

/** A line of the engine to copy. */
export function typedToEngine(words: string): string {
  return `${isCheckout ? "npm run pulumi --" : "pulumi"} ${words}`;
}

/** What brings the engine and its parts. */
export const GET_ENGINE = isCheckout ? "npm run setup" : "Install it: https://www.pulumi.com/docs/install/";
