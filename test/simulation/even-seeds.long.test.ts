import { holdLaws } from './run/hold-laws.ts';

holdLaws({ from: 1_002, releases: 5_000 });
