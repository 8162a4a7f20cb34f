/* What the build puts in, and what has no types of its own. */

declare const __EXTENSION_VERSION__: string;

declare module "@alpinejs/csp" {
  export { default } from "alpinejs";
}

declare module "*.css";

declare module "*.json?url" {
  const address: string;
  export default address;
}
