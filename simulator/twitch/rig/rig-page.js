/*
 * The rig's own page: seats with a frame each. What is chosen at a seat is said to its frame, as Twitch would say it.
 */

/** Width and height in pixels, as Twitch gives them. */
const SIZES = {
  panel: [318, 496],
  mobile: [375, 667],
  video_overlay: [854, 480],
  config: [720, 700],
  live_config: [480, 700],
};

/** What a newcomer finds: a subscriber in the pool, one who has not shared, and the streamer. */
const FIRST_SEATS = (people) => [
  { as: people[0]?.id ?? "anonymous", page: "panel", theme: "light", language: "en" },
  { as: people[3]?.id ?? "anonymous", page: "panel", theme: "dark", language: "ru" },
  { as: `unshared:${people[1]?.id}`, page: "panel", theme: "light", language: "ru" },
  { as: "broadcaster", page: "live_config", theme: "dark", language: "en" },
];

const people = await (await fetch("./people")).json();
const seats = new Set();
const pushed = new EventSource("./pubsub");
pushed.addEventListener("message", ({ data }) => {
  const { target, message } = JSON.parse(data);
  for (const seat of seats) seat.say({ rig: "pubsub", target, message });
});
window.addEventListener("message", ({ data, source }) => {
  for (const seat of seats) if (seat.frame?.contentWindow === source) seat.hear(data?.rig);
});
document
  .getElementById("add")
  .addEventListener("click", () => takeSeat({ page: "panel", theme: "light", language: "en" }));
for (const choice of FIRST_SEATS(people)) takeSeat(choice);

function takeSeat(choice) {
  const section = document.getElementById("seat").content.firstElementChild.cloneNode(true);
  const [choices, chat] = section.querySelectorAll("form");
  const stage = section.querySelector(".stage");
  const { as, page, theme, language, isShown, leave } = choices.elements;
  fillPeople(as);
  for (const [name, value] of Object.entries(choice)) choices.elements[name].value = value;

  const seat = {
    frame: null,
    say: (message) => seat.frame?.contentWindow.postMessage(message, location.origin),
    async hear(what) {
      if (what === "hello") {
        seat.say({ rig: "context", context: { theme: theme.value, language: language.value } });
        await authorize();
      }
      // Twitch would ask the viewer; here a click on the page's button is consent enough.
      if (what === "requestIdShare" && as.value.startsWith("unshared:")) {
        as.value = as.value.slice("unshared:".length);
        await authorize();
      }
    },
  };
  const authorize = async () => {
    const said = await (await fetch(`./token?as=${encodeURIComponent(as.value)}`)).json();
    seat.say({ rig: "authorize", ...said });
  };
  const open = () => {
    const [width, height] = SIZES[page.value];
    const frame = document.createElement("iframe");
    frame.title = `${page.value} of ${as.selectedOptions[0]?.textContent}`;
    frame.width = width;
    frame.height = height;
    frame.setAttribute(
      "sandbox",
      "allow-forms allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    );
    frame.src = `./pages/${page.value}.html?language=${language.value}&platform=${page.value === "mobile" ? "mobile" : "web"}`;
    stage.className = `stage ${page.value}`;
    section.classList.toggle("wide", width > 400);
    stage.replaceChildren(frame);
    seat.frame = frame;
    isShown.checked = true;
  };
  as.addEventListener("change", open);
  page.addEventListener("change", open);
  for (const control of [theme, language]) {
    control.addEventListener("change", () =>
      seat.say({ rig: "context", context: { theme: theme.value, language: language.value } }),
    );
  }
  isShown.addEventListener("change", () => seat.say({ rig: "visibility", isVisible: isShown.checked }));
  leave.addEventListener("click", () => {
    seats.delete(seat);
    section.remove();
  });
  chat.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { text } = chat.elements;
    const body = JSON.stringify({ as: as.value.replace("unshared:", ""), text: text.value });
    const { ok } = await fetch("./chat", { method: "POST", body });
    text.classList.toggle("refused", !ok);
    if (ok) text.value = "";
  });
  seats.add(seat);
  document.getElementById("seats").append(section);
  open();
}

function fillPeople(select) {
  const options = [
    ...people.map(({ id, displayName }) => [id, displayName]),
    ...people.slice(0, 3).map(({ id, displayName }) => [`unshared:${id}`, `${displayName} (not shared)`]),
    ["anonymous", "somebody logged out"],
    ["broadcaster", "the streamer"],
  ];
  select.replaceChildren(...options.map(([value, text]) => new Option(text, value)));
}
