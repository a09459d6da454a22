/*
 * The page gets this type from Vite; its tests get it from here.
 */
declare module "*.ftl?raw" {
  const text: string;
  export default text;
}
