import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** This package's folder: the checkout, or its place in node_modules. Its code runs from a build somewhere in it. */
export const packageRoot = folderWith("package.json", __dirname);

/** False where the package is installed. */
export const isCheckout = existsSync(join(packageRoot, "Pulumi.yaml"));

/** The Pulumi program's folder: the checkout, or, where the package is installed, the folder in which the command runs. */
export const projectRoot = isCheckout ? packageRoot : process.cwd();

function folderWith(file: string, folder: string): string {
  return existsSync(join(folder, file)) ? folder : folderWith(file, dirname(folder));
}
