import type { Alpine } from "alpinejs";

const MARKED = /\*([^*]+)\*|`([^`]+)`/g;

/**
 * `x-say`: shows a text whose *names* stand out and whose `commands` look like something to type. Values reach the page
 * as text only, whatever is in them.
 */
export function registerSay(alpine: Alpine): void {
  alpine.directive("say", (element, { expression }, { evaluateLater, effect }) => {
    const read = evaluateLater<string>(expression);
    effect(() => read((text) => element.replaceChildren(...marked(text ?? ""))));
  });
}

function marked(text: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of text.matchAll(MARKED)) {
    nodes.push(document.createTextNode(text.slice(end, match.index)));
    const element = document.createElement(match[1] === undefined ? "code" : "b");
    element.textContent = match[1] ?? match[2] ?? "";
    nodes.push(element);
    end = match.index + match[0].length;
  }
  nodes.push(document.createTextNode(text.slice(end)));
  return nodes;
}
