import "../styles/broadcaster.css";
import { broadcaster } from "../components/broadcaster.ts";
import { openEyes, startPage } from "../components/page.ts";
import { learnTongue } from "../components/tongue.ts";
import { loadBroadcasterTexts } from "../texts/broadcaster-texts.ts";

/* Set-up and live page: the same parts, in the order in which they are needed. */

const eyes = openEyes("broadcaster");
const tongue = await learnTongue(loadBroadcasterTexts);
startPage({ broadcaster: () => broadcaster(eyes, tongue) });
