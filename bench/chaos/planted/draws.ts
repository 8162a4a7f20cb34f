import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type PlantedFault, SENT_CYCLE } from "./plant.ts";

/** Faults of draws. */
export const DRAW_FAULTS: readonly PlantedFault[] = [
  {
    finds: "draw_differs",
    what: "another entropy",
    sql: ["update draws set entropy = sha256(entropy) where entrants > 1"],
  },
  {
    finds: "draw_differs",
    what: "another candidate than drawn",
    sql: [`update spin_cycles set candidate_name = 'Friend' where spin_cycle_id = ${SENT_CYCLE}`],
  },
  {
    finds: "list_altered",
    what: "a changed list",
    sql: [
      `update draw_lists set names_deflated = (select other.names_deflated from draw_lists other
         where other.list_hash <> draw_lists.list_hash limit 1)
       where list_hash = (select min(list_hash) from draws)`,
    ],
  },
  {
    finds: "list_missing",
    what: "a list that is gone",
    sql: ["delete from draw_lists where list_hash = (select min(list_hash) from draws)"],
  },
  {
    finds: "draw_missing",
    what: "a candidate without a draw",
    sql: [`delete from draws where spin_cycle_id = ${SENT_CYCLE}`],
  },
  {
    finds: "cycle_id_differs",
    what: "a cycle of another boundary",
    sql: [`update spin_cycles set boundary_at = boundary_at - interval '1 day' where spin_cycle_id = ${SENT_CYCLE}`],
  },
  {
    finds: "drawn_late",
    what: "a draw after its time",
    sql: [`update spin_cycles set drawn_at = boundary_at + interval '1 hour' where spin_cycle_id = ${SENT_CYCLE}`],
  },
  {
    finds: "wheel_differs",
    what: "a wheel without the candidate",
    sql: [`update spin_cycles set wheel = '{}' where spin_cycle_id = ${SENT_CYCLE}`],
  },
  {
    finds: "list_unsorted",
    what: "a list in another order",
    tables: (tables) => ({
      ...tables,
      drawLists: tables.drawLists.map((row) => {
        const names = inflateRawSync(row.names_deflated).toString("utf8").split("\n").slice(0, -1);
        return {
          ...row,
          names_deflated: deflateRawSync(
            names
              .reverse()
              .map((name) => `${name}\n`)
              .join(""),
          ),
        };
      }),
    }),
  },
  {
    finds: "draw_malformed",
    what: "a draw by another algorithm",
    sql: [`update draws set algorithm = 'mgm-draw-2' where spin_cycle_id = ${SENT_CYCLE}`],
  },
  {
    finds: "no_boundary",
    what: "a cycle that began beside the clock",
    sql: [
      `update spin_cycles set boundary_at = boundary_at + interval '1 millisecond' where spin_cycle_id = ${SENT_CYCLE}`,
    ],
  },
];
