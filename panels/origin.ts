/** Which server a URL belongs to. */

/** @returns whether two URLs belong to one site's one server; false for what is no URL */
export function sameOrigin(url: string, other: string): boolean {
  return URL.canParse(url) && URL.canParse(other) && new URL(url).origin === new URL(other).origin;
}
