/** Addresses of our own workers. Trusted Types are on in the extension's pages: a script's address needs a policy. */

/** As far as it is used here; TypeScript's library has no Trusted Types. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(text: string): string },
  ): { createScriptURL(text: string): string };
}

/** @param name of a script of the extension. To be called once in a page: a policy has one maker */
export function scriptUrl(name: 'session.worker.js' | 'sourcemap.worker.js'): string {
  const factory = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  return factory?.createPolicy('gowasm-devtools', { createScriptURL: () => name }).createScriptURL(name) ?? name;
}
