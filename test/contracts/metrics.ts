import { expect, it } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import type { Metrics } from '../../src/ports/metrics.ts';

/** A port with one Prometheus, `main`, and queries that say what they are named for. */
export interface MetricsWorld extends AsyncDisposable {
  metrics: Metrics;
  /** Milliseconds since 1970: where `one` is `value`, and an earlier moment where it was another. */
  at: { now: number; before: number };
  value: { now: number; before: number };
  queries: Readonly<
    Record<'one' | 'several' | 'nothing' | 'notANumber' | 'infinite' | 'belowInfinite' | 'refused', string>
  >;
  /** From now on nobody answers. */
  goAway(): Promise<void>;
}

/** What every implementation of the port does. Each test gets a world of its own from `makeWorld`. */
export function metricsContract(makeWorld: () => Promise<MetricsWorld>): void {
  const ask = (world: MetricsWorld, name: keyof MetricsWorld['queries'], at = world.at.now) =>
    world.metrics.queryInstant({
      prometheus: 'main',
      promql: world.queries[name],
      at,
      timeoutMs: 2_000,
    });

  it('gives the number that was true at the moment asked for', async () => {
    await using world = await makeWorld();
    for (const when of ['now', 'before'] as const) {
      const answer = await ask(world, 'one', world.at[when]);
      expect(answer).toMatchObject({
        kind: 'series',
        series: [{ at: new Date(world.at[when]).toISOString() }],
      });
      expect(answer.kind === 'series' && answer.series[0]?.value).toBeCloseTo(world.value[when], 9);
    }
  });

  it.each([
    ['notANumber', 'NaN'],
    ['infinite', '+Inf'],
    ['belowInfinite', '-Inf'],
  ] as const)('keeps what is %s apart from numbers', async (name, value) => {
    await using world = await makeWorld();
    expect(await ask(world, name)).toMatchObject({ kind: 'series', series: [{ value }] });
  });

  it('gives every series of several with its labels, and none where there is nothing', async () => {
    await using world = await makeWorld();
    const several = await ask(world, 'several');
    const labels = several.kind === 'series' ? several.series.map((each) => JSON.stringify(each.labels)) : [];
    expect(labels.length).toBeGreaterThan(1);
    expect(new Set(labels).size).toBe(labels.length);
    expect(await ask(world, 'nothing')).toMatchObject({ kind: 'series', series: [] });
  });

  it('tells where a person sees the query', async () => {
    await using world = await makeWorld();
    const { link } = await ask(world, 'one');
    expect(URL.canParse(link ?? '')).toBe(true);
  });

  it('is an error, not a value, where the query is refused or nobody knows the name', async () => {
    await using world = await makeWorld();
    expect(await ask(world, 'refused')).toMatchObject({ kind: 'error', message: expect.stringMatching(/./) });
    const unknown = { prometheus: 'none', promql: world.queries.one, at: world.at.now, timeoutMs: 2_000 };
    expect(await world.metrics.queryInstant(unknown)).toMatchObject({
      kind: 'error',
      message: expect.stringContaining('none'),
    });
  });

  it('is unavailable while nobody answers', async () => {
    await using world = await makeWorld();
    await world.goAway();
    await expect(ask(world, 'one')).rejects.toBeInstanceOf(UnavailableError);
  });
}
