import "../styles/overlay.css";
import { drum } from "../components/drum.ts";
import { overlay } from "../components/overlay.ts";
import { openEyes, startPage } from "../components/page.ts";
import { learnTongue } from "../components/tongue.ts";
import { loadTexts } from "../texts/load-texts.ts";

/* The strip over the video. Without an API or a Twitch it stays away: a notice would cover the stream. */

const eyes = openEyes("viewers");
const tongue = await learnTongue(loadTexts);
startPage({ overlay: () => overlay(eyes, tongue), drum: () => drum(eyes, () => tongue.texts.yourName) });
