-- LogPosition: how full the client's block of the chat log is. The client writes a block when 48 KiB are together, and says
-- nothing about it; but every line of the log is a chat event, too, so its bytes can be counted:
--
--   low, high    what was logged since the client opened the log, at least and at most, in bytes
--   sure         what of it were whispers of ours to ourselves, which this client is known to log
--
-- A message that ends at `high` is most likely in the file when `low` has passed the next multiple of the block's size
-- after it. The count begins at zero where the log was off at the login, since a log that is closed is written out; after
-- a /reload it goes on. Should that be wrong, or a kind of chat not be logged at all, a whole block of `sure` is enough.

local _, ns = ...
local LogModes = ns.LogModes
local LogPosition = {}
ns.LogPosition = LogPosition

local BLOCK = LogModes.blockBytes
-- Two spaces after the time, the time itself without its date's digits, CRLF.
local BARE_STAMP = 18
-- What the client may write around a text of somebody else: channel, flag, language, name's link.
local MOST_AROUND = 120

-- Every kind of chat event that is a line in the log.
local KINDS = "SYSTEM SAY YELL EMOTE TEXT_EMOTE WHISPER WHISPER_INFORM AFK DND IGNORED PARTY PARTY_LEADER RAID RAID_LEADER "
  .. "RAID_WARNING GUILD OFFICER CHANNEL CHANNEL_NOTICE CHANNEL_JOIN CHANNEL_LEAVE CHANNEL_LIST BATTLEGROUND "
  .. "BATTLEGROUND_LEADER LOOT MONEY SKILL ACHIEVEMENT GUILD_ACHIEVEMENT MONSTER_SAY MONSTER_YELL MONSTER_EMOTE "
  .. "MONSTER_WHISPER MONSTER_PARTY RAID_BOSS_EMOTE RAID_BOSS_WHISPER BG_SYSTEM_NEUTRAL BG_SYSTEM_ALLIANCE BG_SYSTEM_HORDE "
  .. "COMBAT_XP_GAIN COMBAT_HONOR_GAIN COMBAT_FACTION_CHANGE COMBAT_MISC_INFO OPENING TRADESKILLS PET_INFO FILTERED RESTRICTED"

local low, high, sure = 0, 0, 0

local function stamp()
  local now = date("*t")
  return #tostring(now.month) + #tostring(now.day) + BARE_STAMP
end

-- Bytes of a line at least and at most.
local function measure(kind, text, name)
  local bytes = stamp() + #text
  if kind == "SYSTEM" then
    -- Whispers are used because system texts did not seem to be logged.
    return LogModes.get(ns.db.mode).transport == "whisper" and 0 or bytes, bytes
  elseif name ~= ns.player then
    return bytes, bytes + MOST_AROUND + #name
  elseif kind == "WHISPER" then
    bytes = bytes + #CHAT_WHISPER_GET:format(name)
    return bytes, bytes
  elseif kind == "WHISPER_INFORM" then
    -- A Russian client writes `|3-2(Имя)`, or the name in its case.
    local raw = #CHAT_WHISPER_INFORM_GET:format(name)
    local plain = #CHAT_WHISPER_INFORM_GET:gsub("|3%-%d%(%%s%)", "%%s"):format(name)
    return bytes + plain - (raw == plain and 0 or 2), bytes + raw
  end
  return bytes, bytes + MOST_AROUND + #name
end

for kind in KINDS:gmatch("%S+") do
  ns.on("CHAT_MSG_" .. kind, function(text, name)
    local least, most = measure(kind, text or "", name or "")
    low, high = low + least, high + most
    if name == ns.player and (kind == "WHISPER" or kind == "WHISPER_INFORM") then
      sure = sure + least
    end
    ns.tell("LOGGED")
  end)
end

--- Begins to count; `saved` is what `save` gave at the end of the last session if the log was open ever since.
function LogPosition.start(saved)
  low, high = saved and saved.low or 0, saved and saved.high or 0
end

--- What to remember over a /reload; `at` is the time of day.
function LogPosition.save(at)
  return { low = low % BLOCK, high = low % BLOCK + high - low, at = at }
end

--- What was logged at least.
function LogPosition.low()
  return low
end

--- What was certainly logged.
function LogPosition.sure()
  return sure
end

--- How far `low` has to come until all that is logged by now is most likely in the file.
function LogPosition.flushedAt()
  return math.min(low + BLOCK, math.ceil(high / BLOCK) * BLOCK)
end

--- How many bytes still go into the present block, at least.
function LogPosition.room()
  return math.ceil(high / BLOCK) * BLOCK - high
end
