import "../styles/panel.css";
import { drum } from "../components/drum.ts";
import { openEyes, startPage } from "../components/page.ts";
import { panel } from "../components/panel.ts";
import { learnTongue } from "../components/tongue.ts";
import { loadTexts } from "../texts/load-texts.ts";

/* The panel on a channel's page, and the same on a phone. */

const eyes = openEyes("viewers");
const tongue = await learnTongue(loadTexts);
startPage({ panel: () => panel(eyes, tongue), drum: () => drum(eyes, () => tongue.texts.yourName) });
