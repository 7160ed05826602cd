/** What may import what, where the linter sees one file at a time: circles, floors, tests. */

/** Rooms of lib/server by their floor; what lies in no room is on the ground. */
const FLOORS = [
  ['http', 'metrics'],
  ['store', 'intake'],
  ['models', 'quota'],
  ['inference', 'statistics'],
  ['prediction'],
  ['api'],
  ['process'],
];
/** It opens the whole server to Next's route handlers. */
const DOOR = '^lib/server/index[.]ts$';
const TEST = '[.]test[.]tsx?$|/testing[.]ts$';

const roomsOf = (floors) => `^lib/server/(${floors.flat().join('|')})/`;

const noArrowUp = FLOORS.map((rooms, floor) => ({
  name: `no-arrow-up-to-floor-${floor + 1}`,
  comment: `${rooms.join(' and ')} of lib/server may be imported from its floor and those above.`,
  severity: 'error',
  from: {
    path: '^lib/server/',
    pathNot: [DOOR, TEST, roomsOf(FLOORS.slice(floor))],
  },
  to: { path: roomsOf([rooms]) },
}));

export default {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'Imports, those of types too, form no circle.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-tests-in-programs',
      comment: 'Nothing that is run imports tests. What they share lies in harness.',
      severity: 'error',
      from: { pathNot: ['^(tests|e2e)/', TEST] },
      to: { path: '^(tests|e2e)/' },
    },
    ...noArrowUp,
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    includeOnly: '^(app|bench|components|e2e|harness|lib|scripts|tests)/',
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mts', '.js', '.mjs'] },
  },
};
