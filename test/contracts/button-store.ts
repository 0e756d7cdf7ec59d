import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Request } from '../../src/domain/request.ts';
import type { ButtonStore } from '../../src/ports/button-store.ts';

export interface ButtonStoreUnderTest {
  buttons: ButtonStore;
  close(): Promise<void>;
}

const abort: Request = { kind: 'abort', release: 'prod/checkout-2026-11-20.3', environment: 'prod' };
const sameAbort: Request = { environment: 'prod', release: 'prod/checkout-2026-11-20.3', kind: 'abort' };
const other: Request = { kind: 'abort', release: 'prod/checkout-2026-11-20.4', environment: 'prod' };

export function buttonStoreContract(name: string, make: () => Promise<ButtonStoreUnderTest>): void {
  describe(`the button store, ${name}`, () => {
    let subject: ButtonStoreUnderTest;
    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject.close());

    it('gives the request back for its id', async () => {
      const id = await subject.buttons.put(abort);
      expect(await subject.buttons.get(id)).toEqual(abort);
    });

    it('gives one request one id, and another request another', async () => {
      const [first, second, third] = await Promise.all(
        [abort, sameAbort, other].map((one) => subject.buttons.put(one)),
      );
      expect(second).toBe(first);
      expect(third).not.toBe(first);
    });

    it('makes ids that fit into a button and say nothing', async () => {
      expect(await subject.buttons.put(abort)).toMatch(/^[\w-]{32}$/);
    });

    it('knows no id it did not give', async () => {
      expect(await subject.buttons.get('x'.repeat(32))).toBeUndefined();
    });
  });
}
