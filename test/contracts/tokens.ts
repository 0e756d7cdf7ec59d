import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tokens } from '../../src/ports/tokens.ts';

export interface TokensUnderTest {
  tokens: Tokens;
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const ANA = 'slack:T1:UANA';
const BEN = 'slack:T1:UBEN';
const LONG = { lifetimeMs: 60_000 };

export function tokensContract(name: string, make: () => Promise<TokensUnderTest>): void {
  describe(`tokens, ${name}`, () => {
    let subject: TokensUnderTest;
    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject.close());

    it('open for the person they were issued to, and tell one token from another', async () => {
      const { tokens } = subject;
      const [ana, ben] = [await tokens.issue(ANA, LONG), await tokens.issue(BEN, LONG)];
      const holders = [await tokens.holder(ana), await tokens.holder(ben)];
      expect(holders).toMatchObject([{ person: ANA }, { person: BEN }]);
      expect(holders[0]?.id).not.toBe(holders[1]?.id);
    });

    it('open nothing when they are almost right, cut short or none', async () => {
      const { tokens } = subject;
      const token = await tokens.issue(ANA, LONG);
      const almost = token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
      for (const wrong of [almost, token.slice(0, -1), `${token}A`, token.toUpperCase(), '', 'signalbox']) {
        expect(await tokens.holder(wrong), wrong).toBeUndefined();
      }
    });

    it('are replaced by the next one of the same person', async () => {
      const { tokens } = subject;
      const [first, second] = [await tokens.issue(ANA, LONG), await tokens.issue(ANA, LONG)];
      expect(await tokens.holder(first)).toBeUndefined();
      expect(await tokens.holder(second)).toMatchObject({ person: ANA });
    });

    it('open nothing once they are revoked, and nobody else loses theirs', async () => {
      const { tokens } = subject;
      const [ana, ben] = [await tokens.issue(ANA, LONG), await tokens.issue(BEN, LONG)];
      expect([await tokens.revoke(ANA), await tokens.revoke(ANA)]).toEqual([true, false]);
      expect(await tokens.holder(ana)).toBeUndefined();
      expect(await tokens.holder(ben)).toMatchObject({ person: BEN });
    });

    it('end by themselves', async () => {
      const { tokens, pass } = subject;
      const token = await tokens.issue(ANA, { lifetimeMs: 50 });
      await pass(100);
      expect(await tokens.holder(token)).toBeUndefined();
      expect(await tokens.revoke(ANA)).toBe(false);
    });
  });
}
