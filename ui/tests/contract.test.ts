// @vitest-environment node
// The types are written by hand; this holds them against the server's own description, field by field.
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';

interface Schema {
  type?: string | string[];
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: Schema;
  enum?: string[];
  $ref?: string;
}

const openapi = JSON.parse(readFileSync(new URL('../../src/web/openapi.json', import.meta.url), 'utf8')) as {
  components: { schemas: Record<string, Schema> };
  paths: Record<string, Record<string, { responses: Record<string, { content?: Record<string, { schema: Schema }> }> }>>;
};
const { schemas } = openapi.components;
const source = ts.createSourceFile('types.ts', readFileSync(new URL('../src/api/types.ts', import.meta.url), 'utf8'), ts.ScriptTarget.ES2020, true);

const interfaces = new Map<string, Map<string, boolean>>();
source.forEachChild((node) => {
  if (ts.isInterfaceDeclaration(node)) {
    const fields = new Map<string, boolean>();
    for (const member of node.members) {
      if (ts.isPropertySignature(member) && member.name) {
        fields.set(member.name.getText(), member.questionToken !== undefined);
      }
    }
    interfaces.set(node.name.text, fields);
  }
});

/** Where each interface of ours is described there. */
const where: Record<string, Schema | undefined> = {
  ...schemas,
  Unbound: schemas.Desk?.properties?.unbound?.items,
  DeskPlan: schemas.Desk?.properties?.plans?.items,
  DeskIncident: schemas.Desk?.properties?.incidents?.items,
  DeskScale: schemas.Desk?.properties?.incidents?.items?.properties?.scales?.items,
  DeskClock: schemas.Desk?.properties?.clocks?.items,
  FoundPart: schemas.Found?.properties?.parts?.items,
  Search: openapi.paths['/search']?.get?.responses['200']?.content?.['application/json']?.schema,
  Draft: openapi.paths['/drafts']?.get?.responses['200']?.content?.['application/json']?.schema.properties?.drafts?.additionalProperties,
  MadeToken: openapi.paths['/tokens']?.post?.responses['201']?.content?.['application/json']?.schema,
  PlanFact: schemas.Plan?.properties?.facts?.items,
  PlanScale: schemas.Plan?.properties?.scales?.items,
  Orderer: schemas.Plan?.properties?.scales?.items?.properties?.orderers?.items,
  Party: schemas.Plan?.properties?.parties?.items,
  Calling: schemas.Plan?.properties?.callings?.items,
  Step: schemas.Incident?.properties?.steps?.items,
  Fact: schemas.Incident?.properties?.facts?.items,
  Claim: schemas.Incident?.properties?.facts?.items?.properties?.claims?.items,
  Scale: schemas.Incident?.properties?.scales?.items,
  Ask: schemas.Incident?.properties?.scales?.items?.properties?.ask?.items,
  Proposal: schemas.Incident?.properties?.proposals?.items,
  Duty: schemas.Incident?.properties?.duties?.items,
  AskedFact: schemas.Questions?.properties?.facts?.items,
  AskedScale: schemas.Questions?.properties?.scales?.items,
  OwnIncident: schemas.Own?.properties?.incidents?.items,
  Finding: schemas.Incident?.properties?.findings?.items,
  Offered: schemas.Incident?.properties?.roles?.items?.properties?.offered?.items,
  Role: schemas.Incident?.properties?.roles?.items,
  Order: schemas.Incident?.properties?.orders?.items,
  Drill: openapi.paths['/drills']?.get?.responses['200']?.content?.['application/json']?.schema.properties?.drills?.items,
  ExerciseOffer: schemas.Exercise?.properties?.offers?.items,
  JudgedRow: schemas.Judgement?.properties?.rows?.items,
  JudgedExpectation: schemas.Judgement?.properties?.script?.items,
  JudgedOffer: schemas.Judgement?.properties?.offers?.items,
  Saw: schemas.Decision?.properties?.saw,
  Moment: schemas.Moments?.properties?.moments?.items,
};

test.each([...interfaces.keys()])('%s is as the server describes it', (name) => {
  const schema = where[name];
  expect(schema, name).toBeDefined();
  const ours = Object.fromEntries(interfaces.get(name)!);
  const theirs = Object.fromEntries(Object.keys(schema!.properties ?? {}).map((field) => [field, !(schema!.required ?? []).includes(field)]));
  expect(ours).toEqual(theirs);
});
