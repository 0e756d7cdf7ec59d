import { holdLaws } from './run/hold-laws.ts';

holdLaws({ from: 2_002, releases: 500 });
