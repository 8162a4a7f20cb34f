import { z } from "zod";

/** The setting `DATA_DIR`: where a start keeps everything. */
export const dataDir = z.string().default(".data");
