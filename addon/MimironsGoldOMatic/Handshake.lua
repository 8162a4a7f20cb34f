-- Handshake: the desktop's hello. It brings the key that later tags end in, asks who and where we are, and is how the way
-- into the log is found: a hello with the same nonce was not answered, so the next way is tried.
--
-- Before the first answer on a realm the addon whispers `!twgold` to itself: where that does not come back, the server
-- takes whatever begins with `!` for a command of its own, and winners must be asked for `twgold` instead.

local _, ns = ...
local LogFile, LogBridge, Commands, Pacer, Tag = ns.LogFile, ns.LogBridge, ns.Commands, ns.Pacer, ns.Tag
local Handshake = {}
ns.Handshake = Handshake

local PROBE = "!twgold"
local PROBE_SECONDS = 5
local REPEATED_SECONDS = 48 * 60 * 60

-- Whether the probe waits for its turn, is under way, or neither.
local probing
-- Nonces to answer when the probe is over.
local unanswered = {}

--- Whether a whisper to oneself is the probe's.
function Handshake.isProbe(text)
  return text == PROBE
end

--- Whether this realm swallows what begins with `!`; nil until it was tried.
function Handshake.bangSwallowed()
  local realm = ns.db.realms[ns.realm]
  return realm and realm.bangSwallowed
end

local function aboutUs()
  return {
    addonVersion = ns.version,
    character = ns.player,
    realm = ns.realm,
    locale = GetLocale(),
    transport = LogFile.mode().transport,
    whisperFormat = CHAT_WHISPER_GET,
    bangSwallowed = Handshake.bangSwallowed(),
  }
end

--- What was said in the last two days and still holds, in the order in which it was said.
local function whatWasSaid()
  local entries = {}
  local function add(id, at, build)
    if time() - at <= REPEATED_SECONDS then
      table.insert(entries, { id = id, at = at, build = build })
    end
  end
  for id, question in pairs(ns.db.questions) do
    if question.answer then
      add(id, question.answeredAt or question.at, function()
        return Tag.bare(question.answer, id, ns.db.key)
      end)
    end
  end
  for id, word in pairs(ns.db.said) do
    add(id, word.at, function()
      local last = ns.db.said[id]
      return last and Tag.bare(last.tag, id, ns.db.key)
    end)
  end
  table.sort(entries, function(one, other)
    if one.at ~= other.at then
      return one.at < other.at
    end
    return one.id < other.id
  end)
  local builders = {}
  for index, entry in ipairs(entries) do
    builders[index] = entry.build
  end
  return builders
end

local function answer(nonce)
  ns.debug("-> HELLO")
  -- Whether this way into the log works must not depend on a count of its bytes: a whole block, where it is filled.
  LogBridge.emit(function(limit)
    return Tag.hello(nonce, aboutUs(), limit)
  end, function() end)
  LogBridge.emitRepeats(whatWasSaid())
end

local function endProbe(swallowed)
  probing = nil
  ns.db.realms[ns.realm] = { bangSwallowed = swallowed }
  ns.debug("this realm %s", swallowed and "swallows what begins with !" or "delivers what begins with !")
  local nonces = unanswered
  unanswered = {}
  for _, nonce in ipairs(nonces) do
    answer(nonce)
  end
end

Pacer.source(0, function()
  if probing ~= "waiting" then
    return nil
  end
  return function()
    probing = "whispered"
    ns.after(PROBE_SECONDS, function()
      if probing == "whispered" then
        endProbe(true)
      end
    end)
    Pacer.whisper(PROBE, ns.player)
  end
end)

ns.on("CHAT_MSG_WHISPER", function(text, sender)
  if probing == "whispered" and sender == ns.player and text == PROBE then
    endProbe(false)
  end
end)

Commands.define("MGM_Hello", 2, function(givenNonce, givenKey)
  local nonce, key = Commands.hex(givenNonce, 32), Commands.hex(givenKey, 16)
  local db = ns.db
  if nonce == db.nonce then
    -- Filling by whispers takes longer than the desktop waits: the mode has not failed before it is done.
    if LogFile.isFilling() then
      return
    end
    LogBridge.tryNextMode()
  end
  db.nonce = nonce
  if key ~= db.key then
    db.key = key
    ns.tell("OTHER_KEY")
  end
  if Handshake.bangSwallowed() ~= nil then
    answer(nonce)
    return
  end
  if unanswered[#unanswered] ~= nonce then
    table.insert(unanswered, nonce)
  end
  if not probing then
    probing = "waiting"
    Pacer.wake()
  end
end)
