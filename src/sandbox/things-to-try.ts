import type { Shop } from './shop/shop.ts';

/** For the page's panel: the shortest way through everything, to be typed as it stands. */
export function thingsToTry(shop: Shop): string {
  const [first, second] = shop.services;
  const one = first?.name ?? 'orders-api';
  const two = second?.name ?? 'payments';
  const last = shop.environments.at(-1)?.name ?? 'prod';
  const middle = shop.environments.at(-2)?.name ?? 'staging';
  const start = shop.environments[0]?.name ?? 'dev';
  return `1. As **Ana**, in #releases-${start}: \`/release cut ${start} ${one}@1.8.0 ${two}@1.8.0\`
2. When it is released: \`/release cut ${middle}\`, and watch the gates let the canary go on
3. \`/release cut ${last}\`; Ana can't approve her own release: switch to **Ben**, **Olu** and **Pia**
4. While it moves: \`/sandbox break ${one}\`. The gate fails, the canary is aborted, on-call is asked
5. As **Cleo**: \`/rollback\`, then open an incident from the card
6. \`/release flag ramp checkout-tax-v2 10 ${last}\`, then \`/release flag off checkout-tax-v2 ${last}\`
7. \`/release status\`, \`/incident timeline\`, and everything again with 1.9.0`;
}
