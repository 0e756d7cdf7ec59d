import { holdLaws } from './run/hold-laws.ts';

holdLaws({ from: 1_001, releases: 5_000 });
