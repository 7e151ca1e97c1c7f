// node_engines — how many bare levels of the scale 响应 json-rules-engine and zen-engine find in a second.
//
// usage: node node_engines.mjs FACTS        (FACTS as bench_decisions --facts writes them)
//
// Each is used as its documentation has it: rules made once, the engine kept, facts handed in as an object made
// beforehand. Each level is held against the one in FACTS; any difference is an error. Processor time of the process, the
// best of several rounds after one to warm up. Prints "NAME DECISIONS_PER_SECOND" by way; a peer with two ways counts by
// its faster one.
import { readFileSync } from 'node:fs';

const ROUNDS = 4;
const BATCH = 100; // zen-engine: evaluations under way at once

const [header, ...lines] = readFileSync(process.argv[2], 'utf8').trimEnd().split('\n');
const names = header.split(' ');
const rows = lines.map((line) => {
  const row = {};
  line.split(' ').forEach((value, i) => { row[names[i]] = Number(value); });
  const { level, ...facts } = row;
  facts.casualties = facts.dead + facts.trapped; // the sum ready made, which none of them has to work out
  return { level, facts };
});

function seconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function check(name, index, level) {
  if (level !== rows[index].level) {
    console.error(`${name}: row ${index + 1}: level ${level}, ours is ${rows[index].level}`);
    process.exit(1);
  }
}

async function measure(name, decideAll) {
  let best = Infinity;
  for (let round = 0; round <= ROUNDS; round++) {
    const start = seconds();
    await decideAll();
    const taken = seconds() - start;
    if (round > 0 && taken < best) best = taken;
  }
  console.log(`${name} ${Math.round(rows.length / best)}`);
}

// ---- json-rules-engine: a rule a level, highest first, and what ends the run as soon as the level is known ----------

async function jsonRulesEngine() {
  const { Engine } = await import('json-rules-engine');
  const is = (fact, value = 1) => ({ fact, operator: 'equal', value });
  const from = (fact, value) => ({ fact, operator: 'greaterThanInclusive', value });
  const here = (...any) => ({ all: [is('place', 0), { any }] });
  const engine = new Engine();
  let level = 0;
  engine.addRule({
    priority: 100,
    conditions: {
      any: [is('nature', 2), {
        all: [{ fact: 'nature', operator: 'in', value: [0, 1] }, {
          any: [is('uncontrolled'), is('homes'), is('facilities'), is('military'), is('industry'), is('reserve'),
            is('outward'), { all: [is('place', 1), is('inward')] }],
        }],
      }],
    },
    event: { type: 'counts' },
    onFailure: () => { engine.stop(); },
  });
  const levels = [
    { any: [here(is('uncontrolled'), is('date'), is('site')), is('inward')] },
    here(from('burning', 7200000000), from('area', 15000000000), is('homes'), is('facilities'), is('outward')),
    here(from('burning', 21600000000), from('area', 150000000000), from('casualties', 1), from('severe', 1), is('loss')),
    here(from('burning', 43200000000), from('area', 900000000000), from('casualties', 3), from('severe', 10),
      is('military'), is('industry'), is('reserve')),
  ];
  levels.forEach((conditions, i) => engine.addRule({
    priority: i + 1,
    conditions,
    event: { type: 'level' },
    onSuccess: () => { level = i + 1; engine.stop(); },
  }));
  await measure('json-rules-engine', async () => {
    for (let i = 0; i < rows.length; i++) {
      level = 0;
      await engine.run(rows[i].facts);
      check('json-rules-engine', i, level);
    }
  });
}

// ---- zen-engine: one expression, and a decision table -----------------------------------------------------------------

const counts = `(nature == 2 or (nature == 0 or nature == 1) and (uncontrolled == 1 or homes == 1 or facilities == 1
  or military == 1 or industry == 1 or reserve == 1 or outward == 1 or place == 1 and inward == 1))`;
const heights = [
  `place == 0 and (burning >= 43200000000 or area >= 900000000000 or casualties >= 3 or severe >= 10 or military == 1
    or industry == 1 or reserve == 1)`,
  `place == 0 and (burning >= 21600000000 or area >= 150000000000 or casualties >= 1 or severe >= 1 or loss == 1)`,
  `place == 0 and (burning >= 7200000000 or area >= 15000000000 or homes == 1 or facilities == 1 or outward == 1)`,
  `place == 0 and (uncontrolled == 1 or date == 1 or site == 1) or inward == 1`,
];

function graph(node) {
  return {
    contentType: 'application/vnd.gorules.decision',
    nodes: [
      { id: 'in', name: 'in', type: 'inputNode', position: { x: 0, y: 0 } },
      { id: 'node', name: 'node', position: { x: 1, y: 0 }, ...node },
      { id: 'out', name: 'out', type: 'outputNode', position: { x: 2, y: 0 } },
    ],
    edges: [
      { id: 'a', type: 'edge', sourceId: 'in', targetId: 'node' },
      { id: 'b', type: 'edge', sourceId: 'node', targetId: 'out' },
    ],
  };
}

const expression = graph({
  type: 'expressionNode',
  content: {
    expressions: [{
      id: 'level',
      key: 'level',
      value: `not ${counts} ? 0 : ${heights.map((height, i) => `(${height}) ? ${4 - i} : `).join('')}0`,
    }],
  },
});

const table = graph({
  type: 'decisionTableNode',
  content: {
    hitPolicy: 'first',
    inputs: [{ id: 'when', name: 'when' }],
    outputs: [{ id: 'level', name: 'level', field: 'level' }],
    rules: [
      { _id: 'none', when: `not ${counts}`, level: '0' },
      ...heights.map((height, i) => ({ _id: `${i}`, when: height, level: `${4 - i}` })),
      { _id: 'rest', when: '', level: '0' },
    ],
  },
});

async function zenEngine() {
  const { ZenEngine, ZenDecisionContent } = await import('@gorules/zen-engine');
  const engine = new ZenEngine();
  for (const [name, content] of [['zen-engine-expression', expression], ['zen-engine-table', table]]) {
    const decision = engine.createDecision(new ZenDecisionContent(content));
    await measure(name, async () => {
      for (let first = 0; first < rows.length; first += BATCH) {
        const batch = rows.slice(first, first + BATCH);
        const answers = await Promise.all(batch.map((row) => decision.evaluate(row.facts)));
        answers.forEach((answer, i) => check(name, first + i, answer.result.level));
      }
    });
  }
  engine.dispose();
}

await jsonRulesEngine();
await zenEngine();
