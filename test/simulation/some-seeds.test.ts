import { holdLaws } from './run/hold-laws.ts';

holdLaws({ from: 5_002, releases: 500 });
