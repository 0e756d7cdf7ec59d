/** Resolves when the condition holds; throws when it does not within `withinMs`. Looks again every few milliseconds. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  { withinMs = 5_000, what = 'what was waited for' }: { withinMs?: number; what?: string } = {},
): Promise<void> {
  const until = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > until) throw new Error(`${what} did not come within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
