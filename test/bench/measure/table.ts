import type { Comparison, Series } from '../bench.ts';
import { byRound, QUANTILES, quantile } from './quantiles.ts';

const NAME_WIDTH = 58;
const NUMBER_WIDTH = 9;

/** A comparison as text: ours, its anchor, and what one is to the other. */
export function tableOf(comparison: Comparison): string {
  const { figure, unit, by, ours, anchor, durability } = comparison;
  const head = [figure.padEnd(NAME_WIDTH), ...QUANTILES.map((name) => name.padStart(NUMBER_WIDTH))].join('');
  return [
    `${head}   ${by} of each round`,
    lineOf(`  ours    ${ours.name}`, ours, by),
    lineOf(`  anchor  ${anchor.name}`, anchor, by),
    `  ratio   ${by} × ${ratioOf(comparison).toFixed(2)}${goalOf(comparison)}   (${unit}; ${durability})`,
  ].join('\n');
}

function lineOf(name: string, { rounds }: Series, by: Comparison['by']): string {
  const all = rounds.flat();
  const numbers = QUANTILES.map((which) => spell(quantile(all, which)).padStart(NUMBER_WIDTH));
  const spread = byRound(rounds, by);
  const range = `${spell(spread[0] ?? 0)} … ${spell(spread.at(-1) ?? 0)}`;
  return `${name.padEnd(NAME_WIDTH)}${numbers.join('')}   ${range} (${rounds.length} rounds, ${all.length} values)`;
}

function ratioOf({ ours, anchor, by }: Comparison): number {
  return quantile(ours.rounds.flat(), by) / quantile(anchor.rounds.flat(), by);
}

function goalOf(comparison: Comparison): string {
  const { goal, ours, by, unit } = comparison;
  if (goal === undefined) return '';
  const reached = goal.kind === 'ratio' ? ratioOf(comparison) : quantile(ours.rounds.flat(), by);
  const wanted = goal.kind === 'ratio' ? `ratio ≤ ${goal.atMost}` : `${by} ≤ ${goal.atMost} ${unit}`;
  return `, goal ${wanted}: ${reached <= goal.atMost ? 'reached' : 'not reached'}`;
}

function spell(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}
