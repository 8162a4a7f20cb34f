/** One badge of a chat message, as EventSub spells it. */
export type Badge = { set_id: string; id: string; info: string };

/** Somebody who types in chat. */
export type Chatter = { id: string; login: string; displayName: string; badges?: readonly Badge[] };

/** A chatter with a character in the game. */
export type Viewer = Chatter & { badges: readonly Badge[]; character: string };

/** Badges that a story needs, by what they mean. */
export const badges = {
  subscriber: (months: number): Badge => ({ set_id: "subscriber", id: months < 3 ? "0" : "3", info: `${months}` }),
  founder: (months: number): Badge => ({ set_id: "founder", id: "0", info: `${months}` }),
  premium: { set_id: "premium", id: "1", info: "" },
  moderator: { set_id: "moderator", id: "1", info: "" },
  vip: { set_id: "vip", id: "1", info: "" },
  broadcaster: { set_id: "broadcaster", id: "1", info: "" },
} as const;

/** The channel's owner in the demo. */
export const demoBroadcaster = { id: "700100200", login: "mimiron_live", displayName: "Mimiron_Live" } as const;

/** The account that speaks for the product in the demo. */
export const demoBot = { id: "700100300", login: "goldomatic_bot", displayName: "GoldOMatic_Bot" } as const;

/** The cast. Founders have no subscriber badge, and Prime alone is no subscription: both are here on purpose. */
export const viewers = [
  {
    id: "810000001",
    login: "norinn_fan",
    displayName: "Norinn_Fan",
    badges: [badges.subscriber(14)],
    character: "Norinn",
  },
  {
    id: "810000002",
    login: "thrallmar88",
    displayName: "Thrallmar88",
    badges: [badges.subscriber(1)],
    character: "Zugzug",
  },
  {
    id: "810000003",
    login: "brightwing_",
    displayName: "BrightWing_",
    badges: [badges.founder(30)],
    character: "Élise",
  },
  {
    id: "810000004",
    login: "lena_hordes",
    displayName: "Лена_Орда",
    badges: [badges.subscriber(6), badges.vip],
    character: "Ленара",
  },
  {
    id: "810000005",
    login: "yozhik_v_tumane",
    displayName: "Ёжик_в_тумане",
    badges: [badges.founder(25)],
    character: "Ёжик",
  },
  {
    id: "810000006",
    login: "borya_tank",
    displayName: "Боря_Танк",
    badges: [badges.moderator, badges.subscriber(9)],
    character: "Борисыч",
  },
  {
    id: "810000007",
    login: "prime_petya",
    displayName: "prime_petya",
    badges: [badges.premium],
    character: "Петрович",
  },
  { id: "810000008", login: "just_watching", displayName: "just_watching", badges: [], character: "Lurker" },
] as const satisfies readonly Viewer[];

/** Whether these badges make a subscriber of the channel they were worn in. */
export function wearsSubscription(worn: readonly Badge[]): boolean {
  return worn.some((badge) => badge.set_id === "subscriber" || badge.set_id === "founder");
}

/** The member of the cast with this login; a wrong one is a mistake in the story. */
export function viewer(login: (typeof viewers)[number]["login"]): Viewer {
  const found = viewers.find((one) => one.login === login);
  if (!found) throw new Error(`nobody in the cast is called ${login}`);
  return found;
}

/** One of any number of made-up subscribers, for load: the same number is the same person. */
export function crowdMember(number: number): Viewer {
  return {
    id: `${900_000_000 + number}`,
    login: `crowd_${number}`,
    displayName: `Crowd_${number}`,
    badges: [badges.subscriber(2)],
    character: `Q${letters(number)}`,
  };
}

/** A number in lower-case letters, so that it fits a character name. */
function letters(number: number): string {
  const last = String.fromCharCode(97 + (number % 26));
  return number < 26 ? last : letters(Math.floor(number / 26)) + last;
}
