/** What the game knows of a kind of item. */
export type ItemTemplate = {
  readonly id: number;
  readonly name: string;
  readonly quality: number;
  readonly level: number;
  readonly minLevel: number;
  readonly type: string;
  readonly subType: string;
  readonly maxStack: number;
  readonly equipLocation: string;
  readonly icon: string;
  readonly vendorCopper: number;
  readonly bind: "none" | "pickup" | "equip" | "use" | "quest" | "account";
  readonly conjured: boolean;
  /** The quest that reading it begins. */
  readonly startsQuestId: number | undefined;
};

/** One stack in the bags. */
export type ItemStack = {
  readonly template: ItemTemplate;
  count: number;
  soulbound: boolean;
  /** Bought with tokens a short while ago: attaching asks first. */
  refundable: boolean;
  /** Time left of an item that vanishes, in minutes. */
  durationMinutes: number | undefined;
  /** The client has not seen this kind of item yet: no quality, no GetItemInfo. */
  uncached: boolean;
  /** The server gave it away already; the client hears so with the next update. */
  isGone: boolean;
  readonly suffixId: number;
  readonly uniqueId: number;
};

type Row = readonly [id: number, name: string, quality: number, maxStack: number, rest?: Partial<ItemTemplate>];

const ROWS: readonly Row[] = [
  [33470, "Frostweave Cloth", 1, 20],
  [36908, "Frost Lotus", 2, 20],
  [49908, "Primordial Saronite", 4, 20],
  [36913, "Saronite Bar", 1, 20],
  [43102, "Frozen Orb", 3, 20],
  [6948, "Hearthstone", 1, 1, { bind: "pickup" }],
  [43523, "Conjured Mana Strudel", 1, 20, { bind: "none", conjured: true }],
  [49426, "Emblem of Frost", 4, 200, { bind: "pickup" }],
  [50818, "Invincible's Reins", 4, 1, { bind: "pickup" }],
  [45038, "Fragment of Val'anyr", 5, 30, { bind: "quest" }],
  [41599, "Frostweave Bag", 1, 1, { type: "Container", subType: "Bag", equipLocation: "INVTYPE_BAG" }],
  [51809, "Portable Hole", 3, 1, { type: "Container", subType: "Bag", equipLocation: "INVTYPE_BAG" }],
  [45624, "Emblem of Conquest", 4, 200, { bind: "pickup" }],
  [42992, "Discerning Eye of the Beast", 7, 1, { bind: "account", type: "Armor", subType: "Trinket" }],
  [39769, "Arcanum of Fire", 3, 1, { type: "Consumable" }],
  [34057, "Abyss Crystal", 4, 20],
  [45912, "Relic of the Expedition", 1, 250, { type: "Quest", subType: "Quest" }],
  [44259, "Sealed Orders", 2, 1, { startsQuestId: 13_372 }],
];

const templates = new Map<number, ItemTemplate>(
  ROWS.map(([id, name, quality, maxStack, rest]) => [id, fill({ id, name, quality, maxStack, ...rest })]),
);

function fill(given: Partial<ItemTemplate> & { id: number; name: string }): ItemTemplate {
  return {
    quality: 1,
    level: 80,
    minLevel: 0,
    type: "Trade Goods",
    subType: "Other",
    maxStack: 1,
    equipLocation: "",
    icon: "Interface\\Icons\\INV_Misc_QuestionMark",
    vendorCopper: 100,
    bind: "none",
    conjured: false,
    startsQuestId: undefined,
    ...given,
  };
}

/** A kind of item by its number. */
export function itemTemplate(id: number): ItemTemplate | undefined {
  return templates.get(id);
}

/** Makes a new kind of item known, or changes one. */
export function defineItem(given: Partial<ItemTemplate> & { id: number; name: string }): ItemTemplate {
  const template = fill(given);
  templates.set(template.id, template);
  return template;
}

const COLOURS = ["9d9d9d", "ffffff", "1eff00", "0070dd", "a335ee", "ff8000", "e6cc80", "e6cc80"];

/** The link of a stack, as GetContainerItemLink gives it. */
export function itemLink({ template, suffixId, uniqueId }: ItemStack): string {
  const numbers = [template.id, 0, 0, 0, 0, 0, suffixId, uniqueId, 80].join(":");
  return `|cff${COLOURS[template.quality] ?? "ffffff"}|Hitem:${numbers}|h[${template.name}]|h|r`;
}

/** What keeps a stack from being mailed: the name of the client's text. */
export function mailObstacle(stack: ItemStack): string | undefined {
  const { template } = stack;
  if (template.bind === "quest") return "ERR_MAIL_QUEST_ITEM";
  if (template.conjured) return "ERR_MAIL_CONJURED_ITEM";
  if (stack.durationMinutes !== undefined) return "ERR_MAIL_LIMITED_DURATION_ITEM";
  if (stack.soulbound && template.bind !== "account") return "ERR_MAIL_BOUND_ITEM";
  return undefined;
}
