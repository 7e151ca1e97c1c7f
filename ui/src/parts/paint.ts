// Puts lights on a sheet: classes on its boxes, and at the upper right of each the words, so that colour says nothing alone.

import type { Incident } from '../api/types';
import { lightsOf, looks, meaningOf, nameOf, type Light } from './lit';

const svgSpace = 'http://www.w3.org/2000/svg';
const allowed = new Set(['svg', 'g', 'rect', 'path', 'text']);

/** A sheet as an element of this page. Only drawing is let in: no script, style, link or handler, whoever answered. */
export function readSheet(text: string): SVGSVGElement | null {
  const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  if (root.namespaceURI !== svgSpace || root.localName !== 'svg') {
    return null;
  }
  for (const element of [root, ...root.querySelectorAll('*')]) {
    const handles = [...element.attributes].some(({ localName }) => /^(on|style$|href$)/i.test(localName));
    if (element.namespaceURI !== svgSpace || !allowed.has(element.localName) || handles) {
      return null;
    }
  }
  return document.importNode(root, true) as unknown as SVGSVGElement;
}

/** A box that is lit. */
export interface Lit { id: string; name: string; lights: Light[] }

function make(name: string, attributes: Record<string, string | number>): SVGElement {
  const element = document.createElementNS(svgSpace, name);
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, String(value));
  }
  return element;
}

const size = 8;
const wordsMost = 16;

/** About as wide as the letters will be: Chinese ones are square, others half as wide. */
const widthOf = (words: string): number => [...words].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e80 ? size : size * 0.58), 0) + 6;

const cut = (words: string): string => (words.length > wordsMost ? `${words.slice(0, wordsMost - 1)}…` : words);

/** The words of the lights side by side on the upper border, from the right. */
function makeBadges(box: Element, lights: Light[]): SVGElement | null {
  const [x, y, width] = (box.getAttribute('data-place') ?? '').split(' ').map(Number);
  if (x === undefined || y === undefined || width === undefined) {
    return null;
  }
  const group = make('g', { class: 'badges' });
  let right = x + width + 2;
  for (const light of [...lights].reverse()) {
    const words = cut(light.words);
    const room = widthOf(words);
    right -= room;
    const badge = make('g', { class: `badge-${light.look}` });
    badge.append(make('rect', { x: right, y: y - 5.5, width: room, height: 11, rx: 3 }), make('text', { 'x': right + room / 2, 'y': y + 2.8, 'font-size': size, 'text-anchor': 'middle' }));
    badge.lastElementChild!.textContent = words;
    group.append(badge);
    right -= 2;
  }
  return group;
}

/** Lights a sheet anew; returns what is lit, in the order of the sheet. */
export function paint(sheet: SVGSVGElement, incident: Incident | null): Lit[] {
  const found: Lit[] = [];
  for (const old of sheet.querySelectorAll('.badges')) {
    old.remove();
  }
  for (const box of sheet.querySelectorAll('g[data-place]')) {
    box.classList.remove('lit', ...looks.map((look) => `lit-${look}`));
    const meaning = meaningOf(box);
    const lights = incident ? lightsOf(meaning, incident) : [];
    const [strongest] = looks.filter((look) => lights.some((light) => light.look === look));
    if (incident && strongest) {
      box.classList.add('lit', `lit-${strongest}`);
      const badges = makeBadges(box, lights);
      if (badges) {
        sheet.append(badges);
      }
      found.push({ id: box.id, name: nameOf(meaning, incident), lights });
    }
  }
  return found;
}
